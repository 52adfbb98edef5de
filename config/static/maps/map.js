/* Draws the maps of a page. What is on them the server says; nothing is fetched from anywhere else. */
"use strict";

(() => {
    const INK = "#1f2937";
    const TONES = {
        overseas: "#6d28d9",
        newly_covered: "#b91c1c",
        special: "#b45309",
        camera: "#0e7490",
        urban: "#1d4ed8",
        rural: "#15803d",
        other: "#6b7280",
    };
    const SHADES = ["#f3f4f6", "#c7dbf7", "#8fb8ee", "#4b8bdc", "#1d4ed8"];
    // Lines that can be told apart on a screen and in print; beyond eight they begin again.
    const LINES = ["#1d4ed8", "#b91c1c", "#15803d", "#b45309", "#6d28d9", "#0e7490", "#be185d", "#374151"];

    /** Words for a bubble: as text, never as markup. */
    function words(text) {
        const line = document.createElement("span");
        line.textContent = text;
        return line;
    }

    function points(layer, canvas) {
        const style = {
            renderer: canvas,
            radius: layer.size,
            weight: 1,
            color: "#ffffff",
            fillColor: TONES[layer.tone] || INK,
            fillOpacity: 0.85,
        };
        return L.layerGroup(
            layer.points.map(([lat, lon, text]) => L.circleMarker([lat, lon], style).bindPopup(words(text))),
        );
    }

    function shapes(layer, canvas) {
        return L.layerGroup(
            layer.shapes.map((shape) =>
                L.polygon(shape.corners, {
                    renderer: canvas,
                    weight: 1,
                    color: "#6b7280",
                    fillColor: SHADES[shape.shade],
                    fillOpacity: 0.6,
                }).bindPopup(words(shape.text)),
            ),
        );
    }

    function routes(layer, canvas) {
        const group = L.layerGroup();
        const numbered = layer.routes.length === 1;
        layer.routes.forEach((route, index) => {
            const color = LINES[index % LINES.length];
            const way = route.stops.map(([lat, lon]) => [lat, lon]);
            L.polyline(way, { renderer: canvas, color, weight: 2, opacity: 0.8 }).bindPopup(words(route.title)).addTo(group);
            route.stops.forEach(([lat, lon, text], order) => {
                const stop = L.circleMarker([lat, lon], {
                    renderer: canvas,
                    radius: numbered ? 6 : 3,
                    weight: 1,
                    color: "#ffffff",
                    fillColor: color,
                    fillOpacity: 1,
                });
                stop.bindPopup(words(`${route.title} · ${text}`)).addTo(group);
                if (numbered) {
                    const label = words(String(order + 1));
                    stop.bindTooltip(label, { permanent: true, direction: "right", className: "desk-map-number" });
                }
            });
        });
        return group;
    }

    const KINDS = { points, shapes, routes };

    function draw(box, picture) {
        const map = L.map(box, { preferCanvas: true, zoomSnap: 0.25, attributionControl: false, worldCopyJump: false });
        map.zoomControl.remove();
        L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
        L.control.attribution({ prefix: false }).addAttribution(box.dataset.source).addTo(map);
        L.control.scale({ imperial: false }).addTo(map);
        const below = L.canvas({ padding: 0.5 });
        const above = L.canvas({ padding: 0.5 });
        picture.outlines.forEach((country) =>
            L.polygon(country.rings.map((ring) => [ring]), {
                renderer: below,
                interactive: false,
                weight: country.home ? 1.5 : 1,
                color: country.home ? "#6b7280" : "#d1d5db",
                fillColor: country.home ? "#fdfdfb" : "#f3f4f6",
                fillOpacity: 1,
            }).addTo(map),
        );
        const choices = {};
        picture.layers.forEach((layer) => {
            const group = KINDS[layer.kind](layer, above);
            const title = document.createElement("span");
            if (TONES[layer.tone]) {
                const dot = document.createElement("i");
                dot.className = `desk-map-dot desk-map-${layer.tone}`;
                title.append(dot);
            }
            title.append(layer.title);
            choices[title.outerHTML] = group;
            if (layer.shown) {
                group.addTo(map);
            }
        });
        L.control.layers({}, choices, { collapsed: false }).addTo(map);
        map.fitBounds(picture.bounds, { padding: [12, 12] });
        // The page may settle its layout only after the map has measured its box.
        new ResizeObserver(() => map.invalidateSize()).observe(box);
        box.dataset.drawn = "yes";
    }

    /** What the shades of a layer mean, below the map. */
    function legend(layer) {
        const line = document.createElement("p");
        line.className = "desk-map-scale";
        line.append(`${layer.title}: `);
        layer.scale.forEach((text, shade) => {
            const patch = document.createElement("i");
            patch.style.background = SHADES[shade];
            line.append(patch, `${text} `);
        });
        return line;
    }

    async function begin(box) {
        const status = box.parentElement.querySelector("[data-map-status]");
        try {
            const answer = await fetch(box.dataset.map, { headers: { Accept: "application/json" } });
            if (!answer.ok) {
                throw new Error(String(answer.status));
            }
            const picture = await answer.json();
            status.textContent = picture.notes.join(" ");
            draw(box, picture);
            box.after(...picture.layers.filter((layer) => layer.scale && layer.scale.length).map(legend));
        } catch (error) {
            status.textContent = box.dataset.failed;
            box.dataset.drawn = "no";
        }
    }

    document.querySelectorAll("[data-map]").forEach(begin);
})();
