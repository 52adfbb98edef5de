"""The hook that documents problems touches every operation and nothing else."""

from drf_spectacular.generators import SchemaGenerator

from missions.api.schema import document_problems


def test_problems_are_added_beside_the_answers() -> None:
    answer = {"200": {"description": ""}}
    description = {
        "components": {"schemas": {"Thing": {}}},
        "paths": {
            "/things/": {"get": {"responses": dict(answer)}},
            "/things/{id}/": {"get": {"responses": dict(answer)}},
        },
    }

    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # untyped in drf-spectacular
    result = document_problems(description, generator, None, True)

    listed = result["paths"]["/things/"]["get"]["responses"]
    single = result["paths"]["/things/{id}/"]["get"]["responses"]
    assert list(listed) == ["200", "400", "401", "403", "429"]
    assert list(single) == ["200", "400", "401", "403", "404", "429"]
    assert single["404"] == {"$ref": "#/components/responses/NotFound"}
    assert list(result["components"]["schemas"]) == ["Thing", "Problem", "ProblemError"]
