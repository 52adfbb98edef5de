// How the device stands: what it knows, how old that is, and what somebody should do about it.

import {age, instant} from "./formats.js";
import * as device from "./device.js";
import {update} from "./sync.js";
import {say} from "./texts.js";
import {element, put, showDevice, showLists, showNotices} from "./view.js";

const UPDATE_MS = 60_000;
const CLOCK_TOLERANCE_S = 60;

export class Standing {
    /** `changed()` is called after each update. */
    constructor(store, trusts, changed) {
        this.store = store;
        this.trusts = trusts;
        this.changed = changed;
        this.last = null; // what the last update came to
        this.running = null;
        this.hasNewVersion = false;
        element("update").addEventListener("click", () => this.update());
        addEventListener("online", () => this.update());
    }

    /** Update now and from time to time. */
    async start() {
        await this.update();
        setInterval(() => this.update(), UPDATE_MS);
    }

    /** Bring everything up to date; two at a time would only be in each other's way. */
    update() {
        this.running ??= this.updateNow().finally(() => {
            this.running = null;
            this.label();
        });
        this.label();
        return this.running;
    }

    async updateNow() {
        const outcome = await update(this.store);
        await device.sync();
        await this.trusts.load();
        this.last = {...outcome, at: this.trusts.now()};
        await this.changed();
        await this.show();
    }

    /** A worker has taken over with newer files than those of this page. */
    async tellNewVersion() {
        this.hasNewVersion = true;
        await this.show();
    }

    label() {
        element("update").disabled = this.running !== null;
        element("update").textContent = say(this.running === null ? "update" : "updating");
    }

    /** Show it all in the present language. */
    async show() {
        const {elections} = this.trusts;
        const isTest = elections.some((election) => election.environment === "test");
        put("test-strip", isTest ? say("test") : "");
        put("election", elections.map((election) => election.name).join(", "));
        showNotices(this.notices());
        showLists(elections, this.trusts.now(), this.lastUpdate());
        showDevice(await device.status());
        this.label();
    }

    lastUpdate() {
        if (this.last === null) {
            return "";
        }
        const time = instant(this.last.at, this.trusts.elections[0]?.zone ?? "UTC");
        const isKept = Boolean(navigator.serviceWorker?.controller);
        return [
            this.last.isOnline ? say("online", {time}) : say("offline"),
            ...(isKept ? [say("ready")] : []),
        ].join(" ");
    }

    notices() {
        const {elections, policy} = this.trusts;
        const notices = [];
        if (policy.clockOffset !== 0) {
            const time = instant(this.trusts.now(), elections[0]?.zone ?? "UTC");
            notices.push({text: say("simulated", {time})});
        }
        if (this.hasNewVersion) {
            notices.push({text: say("new_version"), label: say("reload"), act: () => location.reload()});
        }
        if (this.last !== null && !elections.some((election) => election.keys !== null)) {
            notices.push({text: say(this.last.isOnline ? "not_set_up" : "no_trust")});
        }
        return [...notices, ...this.clockNotices(), ...(this.last?.troubles ?? []).map((one) => this.trouble(one))];
    }

    clockNotices() {
        const lead = this.last?.lead ?? 0;
        const direction = say(lead > 0 ? "ahead" : "behind");
        return Math.abs(lead) <= CLOCK_TOLERANCE_S
            ? []
            : [{text: say("clock_off", {age: age(Math.abs(lead)), direction})}];
    }

    trouble({kind, code, detail = ""}) {
        const text = say(kind, {code, detail});
        return kind === "root_changed"
            ? {text, label: say("trust_new"), act: () => this.trustAnew(code, detail)}
            : {text};
    }

    async trustAnew(code, detail) {
        if (confirm(say("trust_sure", {detail}))) {
            await this.store.forget(code);
            await this.update();
        }
    }
}
