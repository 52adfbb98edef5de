// Puts verdicts and lists on the page. Whatever comes from a code is set as text, never as markup.

import {age, instant} from "./formats.js";
import {say, sayOf} from "./texts.js";

const ANSWERABLE = ["valid", "compare", "wrong_place"];
const UTC = "UTC";

/** The element of an id. */
export function element(id) {
    return document.getElementById(id);
}

/** Show a text, or hide the element when there is none. */
export function put(id, text) {
    element(id).textContent = text;
    element(id).hidden = text === "";
}

/** Whether a photo would still change the verdict. */
export function asksForPhoto(verdict) {
    return ANSWERABLE.includes(verdict.result);
}

/** Fill in all texts that stand in the page itself. */
export function translate(language) {
    document.documentElement.lang = language;
    document.title = say("title");
    for (const place of document.querySelectorAll("[data-text]")) {
        place.textContent = say(place.dataset.text);
    }
    for (const button of document.querySelectorAll("[data-language]")) {
        button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    element("video").setAttribute("aria-label", say("aim"));
}

/** Show a check: `{verdict, trusted, now, place, portrait, photo}`. */
export function showVerdict(check, hotline) {
    const {verdict, trusted} = check;
    const words = wordsOf(verdict);
    element("verdict").dataset.colour = verdict.colour;
    element("verdict").dataset.test = trusted?.environment === "test" ? say("test_mark") : "";
    element("verdict").dataset.result = verdict.result;
    element("icon").setAttribute("href", `#icon-${verdict.colour}`);
    put("word", words.word);
    put("sentence", words.sentence);
    put("list-age", asksForPhoto(verdict) ? ageWarning(check) : "");
    put("next-step", words.step);
    put("hotline", hotline === "" ? say("no_hotline") : say("hotline", {hotline}));
    showPortrait(check);
    list("holder", verdict.badge === null ? [] : [["name", verdict.badge.name]]);
    list("facts", verdict.badge === null ? [] : factsOf(check));
    list("check-facts", checkFactsOf(check));
    element("voice").textContent = `${words.word}. ${words.sentence} ${words.step}`;
    element("verdict").hidden = false;
}

function wordsOf({result, reason, colour}) {
    const isStale = colour === "red" && ["valid", "compare"].includes(result);
    const said = isStale ? "stale" : reason;
    const step = ["forged", "invalid"].includes(result) ? result : said;
    return {
        word: sayOf("results", isStale ? "stale" : result),
        sentence: sayOf("reasons", said),
        step: sayOf("steps", step),
    };
}

function ageWarning({verdict, trusted, now}) {
    const issued = trusted.revoked?.issued ?? now;
    return sayOf("ages", verdict.listAge, {time: instant(issued, trusted.zone), age: age(now - issued)});
}

function showPortrait({verdict, portrait, photo}) {
    element("faces").hidden = portrait === null;
    if (portrait === null) {
        element("portrait").removeAttribute("src");
        return;
    }
    element("portrait").src = portrait;
    element("portrait").alt = say("portrait", {name: verdict.badge.name});
    element("same").setAttribute("aria-pressed", String(photo === "same"));
    element("differs").setAttribute("aria-pressed", String(photo === "differs"));
}

function factsOf({verdict: {badge}, trusted, place}) {
    const areas = badge.areas.join(", ");
    return [
        ["organization", badge.organization],
        ["role", sayOf("roles", badge.role)],
        ["number", `B-${String(badge.number).padStart(6, "0")}`, say("issue_of", {issue: badge.issue})],
        ["valid", say("valid_range", {
            from: instant(badge.notBefore, trusted.zone), until: instant(badge.expires, trusted.zone),
        }), say("zone", {zone: trusted.zone})],
        ["where", areas === "" ? say("everywhere") : place === "" ? areas : say("here", {areas, place})],
    ];
}

function checkFactsOf({trusted, now}) {
    return [["checked", instant(now, trusted?.zone ?? UTC), say("zone", {zone: trusted?.zone ?? UTC})],
        ...listFactsOf(trusted, now)];
}

function listFactsOf(trusted, now) {
    const {revoked = null, keys = null, zone = UTC} = trusted ?? {};
    return [
        ["withdrawals", revoked === null ? say("nothing_yet") : say("withdrawals_of", {
            time: instant(revoked.issued, zone), age: age(now - revoked.issued), count: revoked.entries.length / 9,
        })],
        ["keys", keys === null ? say("nothing_yet") : say("keys_of", {
            number: keys.number, time: instant(keys.issued, zone), age: age(now - keys.issued),
        })],
    ];
}

/** What the device knows of each election. */
export function showLists(trusts, now, standing) {
    const blocks = trusts.map((trusted) => {
        const facts = make("dl", "facts small");
        facts.append(...listFactsOf(trusted, now).flatMap(rowOf));
        return [make("h3", "", trusted.name), facts];
    });
    element("list-facts").replaceChildren(...blocks.flat(), make("p", "standing", standing));
}

/** What is known of this device, line by line. */
export function showDevice(lines) {
    element("device-facts").replaceChildren(...lines.map((line) => make("p", "", line)));
}

function list(id, facts) {
    element(id).replaceChildren(...facts.flatMap(rowOf));
    element(id).hidden = facts.length === 0;
}

function rowOf([key, text, note = ""]) {
    const value = make("dd", "", text);
    value.dataset.fact = key;
    if (note !== "") {
        value.append(make("small", "", ` ${note}`));
    }
    return [make("dt", "", say(key)), value];
}

/** What somebody should know or do: `{text, label, act}`; without a label there is nothing to press. */
export function showNotices(notices) {
    element("notices").replaceChildren(...notices.map(({text, label = "", act = null}) => {
        const notice = make("p", "notice", text);
        if (label !== "") {
            const button = make("button", "", label);
            button.type = "button";
            button.addEventListener("click", act);
            notice.append(" ", button);
        }
        return notice;
    }));
}

/** A new element with a class and a text. */
export function make(tag, name = "", text = "") {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
}
