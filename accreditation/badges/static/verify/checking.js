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
        const check = {
            text, nonce: crypto.randomUUID(), place: device.place(), places: device.places(), photo: "absent",
            portrait: null, isKept: false,
        };
        this.current = check;
        await this.judgeWithPhoto(check);
        element("word").focus();
        if (check.portrait === null) {
            await this.conclude();
        }
    }

    /** Judge what is shown once more: a newer list may have come, or the language changed. */
    async repeat() {
        const check = this.current;
        if (check?.verdict !== undefined) {
            if (device.isRevoked()) { // it keeps no face, on the screen neither
                Object.assign(check, {portrait: null, photo: "absent"});
            }
            await this.judgeWithPhoto(check);
        }
    }

    /** Somebody has compared face and photo. Until the next badge they may think again. */
    async answer(photo) {
        const check = this.current;
        check.photo = photo;
        await this.judge(check);
        this.show(check);
        element("word").focus();
    }

    /** Put the verdict away. */
    async next() {
        await this.conclude();
        this.current = null;
        element("verdict").hidden = true;
        this.after();
    }

    /** The photo is looked for until the check is kept: a first list may come after the code. */
    async judgeWithPhoto(check) {
        await this.judge(check);
        if (check.portrait === null && !check.isKept) {
            await this.findPortrait(check);
        }
        this.show(check);
    }

    /** A verdict that an answer has overtaken meanwhile is dropped. */
    async judge(check) {
        const {text, places, photo} = check;
        const trusted = this.trusts.of(text);
        const now = this.trusts.now();
        const trust = {...trusted, redAfter: this.trusts.policy.redAfter};
        const verdict = trusted === null ? UNTRUSTED : await judge(text, {trust, now, places, photo});
        if (check.photo === photo) {
            Object.assign(check, {trusted, now, verdict});
        }
    }

    async findPortrait(check) {
        const hash = asksForPhoto(check.verdict) ? check.verdict.badge.portrait : null;
        check.portrait = hash === null ? null : await device.portrait(toHex(hash));
        if (check.portrait !== null) {
            check.photo = "shown";
            await this.judge(check);
        }
    }

    /** Show a check, unless another has taken its place. */
    show(check) {
        if (this.current === check) {
            showVerdict(check, this.trusts.policy.hotline);
        }
    }

    /** The check is over: what was found is kept for the server, once. */
    async conclude() {
        const check = this.current;
        const isOver = check?.verdict !== undefined && check.trusted !== null && !check.isKept;
        if (!isOver) {
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
