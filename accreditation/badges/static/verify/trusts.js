// What the device trusts right now: the opened lists of each election, and which of them a code belongs to.

import {openBadge} from "./badge.js";
import {openRecord} from "./sync.js";

/** The elections of the store that can be checked with, and the policy. */
export class Trusts {
    constructor(store) {
        this.store = store;
        this.elections = [];
        this.policy = {hotline: "", redAfter: null, clockOffset: 0};
    }

    /** Read everything anew from the store. Nobody's word shifts the clock by which real badges are judged. */
    async load() {
        const policy = await this.store.policy();
        this.elections = await Promise.all((await this.store.elections()).map(openRecord));
        const isRehearsal = this.elections.every((election) => election.environment === "test");
        this.policy = {...policy, clockOffset: isRehearsal ? policy.clockOffset : 0};
    }

    /** The time of this device in seconds; in a rehearsal that of the rehearsal. */
    now() {
        return Math.floor(Date.now() / 1000) + this.policy.clockOffset;
    }

    /** The election of a code; one that is not ours is judged by another's lists. Null: there is none to judge by. */
    of(text) {
        const usable = this.elections.filter((election) => election.keys !== null);
        return usable.find((election) => election.code === electionIn(text)) ?? usable[0] ?? null;
    }
}

function electionIn(text) {
    try {
        return openBadge(text).claims.election;
    } catch {
        return ""; // the verdict says why
    }
}
