// One check after the other: a code comes in, a verdict is shown, a person may answer, the check is kept.

import {toHex} from "./bytes.js";
import * as device from "./device.js";
import {judge} from "./verdict.js";
import {asksForPhoto, element, showVerdict} from "./view.js";

const LONGEST_KEPT = 1000;
const UNTRUSTED = {result: "untrusted", reason: "untrusted", colour: "amber", listAge: "none", badge: null};

export class Checking {
    /** `before()` is called when a check begins, `after()` when the next badge is asked for. */
    constructor(trusts, {before, after}) {
        this.trusts = trusts;
        this.before = before;
        this.after = after;
        this.current = null; // the check that is shown
        element("again").addEventListener("click", () => this.next());
        element("same").addEventListener("click", () => this.answer("same"));
        element("differs").addEventListener("click", () => this.answer("differs"));
        addEventListener("pagehide", () => this.conclude());
    }

    /** Judge a code and show the verdict. */
    async check(text) {
        await this.conclude();
        this.before();
        this.current = await this.judged({
            text, nonce: crypto.randomUUID(), place: device.place(), photo: "absent", portrait: null, isKept: false,
        });
        this.current = await this.withPortrait(this.current);
        this.show();
        element("word").focus();
        if (this.current.portrait === null) {
            await this.conclude();
        }
    }

    /** Judge what is shown once more: a newer list may have come, or the language changed. */
    async repeat() {
        if (this.current !== null) {
            this.current = await this.judged(this.current);
            this.show();
        }
    }

    /** Somebody has compared face and photo. Until the next badge they may think again. */
    async answer(photo) {
        this.current = await this.judged({...this.current, photo});
        this.show();
        element("word").focus();
    }

    /** Put the verdict away. */
    async next() {
        await this.conclude();
        this.current = null;
        element("verdict").hidden = true;
        this.after();
    }

    async judged(check) {
        const trusted = this.trusts.of(check.text);
        const now = this.trusts.now();
        if (trusted === null) {
            return {...check, trusted, now, verdict: UNTRUSTED};
        }
        const trust = {...trusted, redAfter: this.trusts.policy.redAfter};
        const verdict = await judge(check.text, {trust, now, place: check.place, photo: check.photo});
        return {...check, trusted, now, verdict};
    }

    async withPortrait(check) {
        const hash = asksForPhoto(check.verdict) ? check.verdict.badge.portrait : null;
        const portrait = hash === null ? null : await device.portrait(toHex(hash));
        return portrait === null ? check : this.judged({...check, portrait, photo: "shown"});
    }

    show() {
        showVerdict(this.current, this.trusts.policy.hotline);
    }

    /** The check is over: what was found is kept for the server, once. */
    async conclude() {
        const check = this.current;
        if (check === null || check.isKept || check.trusted === null) {
            return;
        }
        check.isKept = true;
        await device.record({
            nonce: check.nonce,
            code: check.text.length > LONGEST_KEPT ? "" : check.text,
            code_id: check.verdict.badge === null ? "" : toHex(check.verdict.badge.codeId),
            result: check.verdict.result,
            reason: check.verdict.reason,
            photo: check.photo,
            device_time: new Date(check.now * 1000).toISOString(),
            list_number: check.trusted.revoked?.number ?? null,
        });
    }
}
