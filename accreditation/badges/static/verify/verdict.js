// The table of verdicts of docs/badge-code.md, line by line. Pure: same input, same verdict.

import {compare} from "./bytes.js";
import {openBadge} from "./badge.js";
import {CodeError, signerOf} from "./cose.js";
import {reasonOf} from "./lists.js";

const HOUR = 3600;
const OLD = 6 * HOUR;
const VERY_OLD = 24 * HOUR;
const OLD_KEYS = 48 * HOUR;
const TOLERANCE = 60;
const LONGEST = 30 * 24 * HOUR;

const RESULTS = {
    too_long: "invalid",
    not_a_code: "invalid",
    malformed: "invalid",
    algorithm: "forged",
    claims: "invalid",
    other_election: "forged",
    update_keys: "unknown_key",
    unknown_key: "forged",
    signature: "forged",
    outside_key: "forged",
    key_withdrawn: "revoked",
    withdrawn: "revoked",
    lost: "revoked",
    replaced: "revoked",
    void: "revoked",
    clock_behind: "clock_wrong",
    not_yet: "not_yet",
    expired: "expired",
    photo_differs: "photo_differs",
    wrong_place: "wrong_place",
    no_photo: "compare",
    compare_photo: "compare",
    valid: "valid",
};
const AMBER = ["unknown_key", "clock_wrong", "not_yet", "wrong_place", "compare"];

/**
 * The verdict on the text of a code: `{result, reason, colour, listAge, badge}`. It judges every text.
 *
 * `trust`: `{keys, revoked (or null), environment, redAfter (seconds or null)}`. `now` is in seconds. `places` are
 * the codes of where the device stands. `photo` is "absent", "shown", "same" or "differs". `badge` is there only if a
 * key of the election signed it as it may: what else a code claims is nobody's business.
 */
export async function judge(text, {trust, now, places = [], photo = "absent"}) {
    let badge = null;
    let reason;
    try {
        const {claims, key} = await signed(text, trust, now);
        checkTimes(claims, key);
        badge = claims;
        reason = standing(claims, key, trust, now, places, photo);
    } catch (error) {
        if (!(error instanceof CodeError)) {
            throw error;
        }
        reason = error.reason;
    }
    const result = RESULTS[reason];
    return {result, reason, colour: colourOf(result, trust, now), listAge: ageOf(trust.revoked, now), badge};
}

/** Lines 1 to 9: the claims, and the key of the election that signed them. */
async function signed(text, trust, now) {
    const {message, claims} = openBadge(text);
    if (claims.election !== trust.keys.election) {
        throw new CodeError("other_election");
    }
    const named = trust.keys.keys.filter((key) => compare(key.kid, message.kid) === 0);
    if (named.length === 0) {
        throw new CodeError(now - trust.keys.issued > OLD_KEYS ? "update_keys" : "unknown_key");
    }
    const key = await signerOf(message, named, `obs-badge/v1/${claims.election}/${trust.environment}`);
    if (key === null) {
        throw new CodeError("signature");
    }
    return {claims, key};
}

/** Line 10: whether the key might sign such a badge. */
function checkTimes(claims, key) {
    const isWithinKey = claims.issued >= key.firstUse && claims.issued <= key.lastSignature && claims.expires <= key.end
        && claims.expires > claims.notBefore && claims.expires - claims.issued <= LONGEST;
    if (!isWithinKey) {
        throw new CodeError("outside_key");
    }
}

/** Lines 11 to 20: how a well signed badge stands, here and now and for this person. The first line counts. */
function standing(claims, key, trust, now, places, photo) {
    const revoked = trust.revoked === null ? null : reasonOf(trust.revoked, claims.codeId);
    const newestList = Math.max(trust.keys.issued, trust.revoked?.issued ?? 0);
    const isElsewhere = places.length > 0 && claims.areas.length > 0
        && !places.some((place) => claims.areas.includes(place));
    const lines = [
        [key.isWithdrawn, "key_withdrawn"],
        [revoked !== null, revoked],
        [now < newestList - TOLERANCE, "clock_behind"],
        [now < claims.notBefore, "not_yet"],
        [now >= claims.expires, "expired"],
        [photo === "differs", "photo_differs"],
        [isElsewhere, "wrong_place"],
        [photo === "absent" || claims.portrait === null, "no_photo"],
        [photo === "shown", "compare_photo"],
        [true, "valid"],
    ];
    return lines.find(([holds]) => holds)[1];
}

/** How old the list of revoked badges is: `fresh`, `old`, `very_old` or `none`. */
export function ageOf(revoked, now) {
    if (revoked === null) {
        return "none";
    }
    const age = now - revoked.issued;
    return age > VERY_OLD ? "very_old" : age > OLD ? "old" : "fresh";
}

/** An old list takes the green from a good badge, and makes it red if the policy of the election says so. */
function colourOf(result, trust, now) {
    if (!["valid", "compare"].includes(result)) {
        return AMBER.includes(result) ? "amber" : "red";
    }
    if (trust.redAfter !== null && (trust.revoked === null || now - trust.revoked.issued > trust.redAfter)) {
        return "red";
    }
    return result === "valid" && ageOf(trust.revoked, now) === "fresh" ? "green" : "amber";
}
