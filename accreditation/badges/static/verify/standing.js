// How the device stands: what it knows, how old that is, and what somebody should do about it.

import {age, instant} from "./formats.js";
import * as device from "./device.js";
import {update} from "./sync.js";
import {say, sayOf} from "./texts.js";
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
        device.changes.addEventListener("change", () => this.show());
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
        await this.trusts.load();
        await device.sync(this.trusts.now());
        this.last = {...outcome, at: this.trusts.now()};
        await this.changed();
        await this.show();
    }

    /** The worker keeps this page now, or it has taken over with newer files than those of this page. */
    async tellKept(isNewer) {
        this.hasNewVersion = isNewer;
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
        const status = await device.status();
        showNotices([...this.notices(), ...this.deviceNotices(status)]);
        showLists(elections, this.trusts.now(), this.lastUpdate());
        showDevice(linesOf(status));
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
        const troubles = (this.last?.troubles ?? []).map((one) => this.trouble(one));
        const once = new Map([...notices, ...this.clockNotices(), ...troubles].map((notice) => [notice.text, notice]));
        return [...once.values()]; // both lists of an election may fail in the same words
    }

    /** What the server, or the lack of it, wants the person at this device to know. */
    deviceNotices(status) {
        const zone = this.trusts.elections[0]?.zone ?? "UTC";
        const warnings = (status?.warnings ?? []).map(({kind, badge, checked_at: at}) => (
            {text: sayOf("warnings", kind, {badge, time: instant(Date.parse(at) / 1000, zone)})}
        ));
        return device.isRevoked() ? [{text: say("device_revoked")}] : warnings;
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

/** What is known of this device, line by line. */
function linesOf(status) {
    if (status === null) {
        return [say("device_none")];
    }
    const {waiting, refused} = status;
    return [
        say("device_is", status),
        waiting === 0 ? say("device_sent") : say("device_waiting", {count: waiting}),
        ...(refused > 0 ? [say("device_refused", {count: refused})] : []),
    ];
}
