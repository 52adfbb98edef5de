// What the device keeps: of each election the pinned root and the highest lists, and the policy as last told.
//
// A record: {code, name, zone, environment, root: {kid, x, y} (base64url), keys, revoked}; a list in it is null or
// {bytes, number, etag}. The policy: {hotline, redAfter, clockOffset}.

const NAME = "observer-desk-badges";
const ELECTIONS = "elections";
const POLICY = "policy";
const NO_POLICY = {hotline: "", redAfter: null, clockOffset: 0};

/** The store of this device. */
export async function openStore() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
        request.result.createObjectStore(ELECTIONS, {keyPath: "code"});
        request.result.createObjectStore(POLICY);
    };
    return new Store(await done(request));
}

class Store {
    constructor(database) {
        this.database = database;
        database.onversionchange = () => database.close();
    }

    /** The records of all elections that this device ever trusted. */
    elections() {
        return done(this.database.transaction(ELECTIONS).objectStore(ELECTIONS).getAll());
    }

    async policy() {
        const kept = await done(this.database.transaction(POLICY).objectStore(POLICY).get(POLICY));
        return kept ?? NO_POLICY;
    }

    keepPolicy(policy) {
        return done(this.database.transaction(POLICY, "readwrite").objectStore(POLICY).put(policy, POLICY));
    }

    /** Take in a new election, or what may change of a known one; its root and its lists stay. */
    keepElection({code, name, zone, environment, root}) {
        return this.change(code, (known) => (
            known === undefined
                ? {code, name, zone, environment, root, keys: null, revoked: null}
                : {...known, name, zone}
        ));
    }

    /** Keep a verified list unless one of a higher number is there: another tab may have been faster. */
    keepList(code, kind, list) {
        return this.change(code, (known) => (
            known === undefined || (known[kind] !== null && known[kind].number > list.number)
                ? known
                : {...known, [kind]: list}
        ));
    }

    /** Take away a list that does not open any more, so that its number stands in nobody's way. */
    dropList(code, kind) {
        return this.change(code, (known) => known && {...known, [kind]: null});
    }

    /** Trust nothing of the election any more; the next update pins its root anew. */
    forget(code) {
        return done(this.database.transaction(ELECTIONS, "readwrite").objectStore(ELECTIONS).delete(code));
    }

    /** Read and write in one transaction. */
    async change(code, changed) {
        const elections = this.database.transaction(ELECTIONS, "readwrite").objectStore(ELECTIONS);
        const record = changed(await done(elections.get(code)));
        if (record !== undefined) {
            await done(elections.put(record));
        }
    }
}

function done(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}
