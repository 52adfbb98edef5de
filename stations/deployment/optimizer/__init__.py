"""Deployment optimizer: plain arrays in; plan, points, proven bounds and seconds out. It knows no database.

Entry points
    problem.Problem          the arrays; `validate()` raises ProblemError(code, field, index)
    params.Params            every constant of the objective; only `languages` has no default
    pipeline.solve           overseas -> teams -> areas -> routes in this process; returns solution.Solution
    runner.run               the same in a process of its own, with deadline, memory cap and cancel;
                             raises OptimizerFailedError(code, detail)
    check.violations         every hard rule on a finished plan -> list of Violation(rule, code, index)
    score.score_*            the points of each stage with their terms; area_score.score_areas those of the areas
    Solution.bindings        what binds, for each reason how many are short, as indexes
    Solution.replan          which previous team each team continues; what changed and what of it was forced
    python -m stations.deployment.optimizer IN.npz OUT.npz
                             what runner.run starts; exit 0 done, 2 usage, 3 cancelled by SIGTERM, 4 bad input,
                             5 out of memory, 6 a library failed, 7 output not writable

Shapes (n observers, s stations, a areas, z zones, m missions, k stations abroad, c countries)
    observers  mission [n], nationality [n,2], language [n], female [n], experienced [n], residence [n]
    stations   lon [s], lat [s], area [s], weight [s], new_territory [s]
    areas      lon [a], lat [a], urban [a], zone [a];  zones: language [z]
    missions   solo_ok [m];  overseas: country [k];  countries: lon [c], lat [c], barred [c,z]
    previous   q teams with v visits to stay close to, and the pins that hold (problem.Previous); empty if fresh
    targets    member [g,s], wanted [g], points [g]: visits wanted in g strata of stations
    Indexes, weights and language bit sets are int64, flags bool, degrees float64. NONE (-1) is "no second
    nationality" and "does not live abroad". Any of the tables may be empty.

Units
    Points, weights, metres and seconds are integers. Routes are scored in metres: `weight_metres` for every
    unit of station weight, less the metres driven; the other stages in points. Times of day are seconds
    after local midnight. Speeds are metres an hour. Degrees are WGS 84.

Guarantees
    The same problem, parameters, seed and library versions give the same `Solution.digest()`, whatever the
    number of workers. Another order of observers or stations gives the same points. Every observer is in
    exactly one of overseas, teams and idle_observers; every team has visits or is in idle_teams with a
    reason. A previous team that can stand does: pairs at home and crews abroad always, teams in their areas
    unless moving gains more than `areas.keep`. A pin that cannot hold is a PinError before any work. Stations
    without coordinates are the caller's to leave out; so are people who are not deployed.
"""
