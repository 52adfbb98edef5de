// What an enrolled device keeps in its own database: who it is, checks that wait, portraits under a key of its own.
//
// The key leaves the browser's keeping for nobody: it is not extractable. A device that is wiped loses all of it.

const NAME = "observer-desk-device";
const SELF = "self"; // one record: {token, name, place, places, election, key, pack, warnings, refused, waitUntil}
const WAITING = "waiting"; // a check by its nonce
const PORTRAITS = "portraits"; // {hash, iv, data}: encrypted
const ALL = [SELF, WAITING, PORTRAITS];

/** The vault of this browser. */
export async function openVault() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
        request.result.createObjectStore(SELF);
        request.result.createObjectStore(WAITING, {keyPath: "nonce"});
        request.result.createObjectStore(PORTRAITS, {keyPath: "hash"});
    };
    return new Vault(await done(request));
}

class Vault {
    constructor(database) {
        this.database = database;
        database.onversionchange = () => database.close();
    }

    /** The device, or null where none is enrolled. */
    async self() {
        return (await done(this.store(SELF).get(SELF))) ?? null;
    }

    /** Change what is known of the device; nothing where none is enrolled (another tab may have wiped it). */
    async change(changes) {
        const store = this.store(SELF, "readwrite");
        const self = await done(store.get(SELF));
        if (self !== undefined) {
            await done(store.put({...self, ...changes}, SELF));
        }
    }

    /** Become this device, whatever was here before. */
    async become(self) {
        const transaction = this.emptied();
        transaction.objectStore(SELF).put(self, SELF);
        await finished(transaction);
    }

    /** Forget everything. */
    async wipe() {
        await finished(this.emptied());
    }

    /** Keep a check until the server has it. */
    async keep(scan) {
        await done(this.store(WAITING, "readwrite").put(scan));
    }

    /** The checks that have waited longest, at most so many. */
    async waiting(most) {
        const scans = await done(this.store(WAITING).getAll());
        return scans.sort((a, b) => (a.device_time < b.device_time ? -1 : 1)).slice(0, most);
    }

    /** How many checks wait. */
    countWaiting() {
        return done(this.store(WAITING).count());
    }

    /** The server has these; they need not wait. */
    async release(nonces) {
        const transaction = this.database.transaction(WAITING, "readwrite");
        for (const nonce of nonces) {
            transaction.objectStore(WAITING).delete(nonce);
        }
        await finished(transaction);
    }

    /** One encrypted portrait, or null. */
    async portrait(hash) {
        return (await done(this.store(PORTRAITS).get(hash))) ?? null;
    }

    /** These portraits take the place of all others; none, and all are erased. */
    async replacePortraits(portraits) {
        const transaction = this.database.transaction(PORTRAITS, "readwrite");
        const store = transaction.objectStore(PORTRAITS);
        store.clear();
        for (const portrait of portraits) {
            store.put(portrait);
        }
        await finished(transaction);
    }

    store(name, mode = "readonly") {
        return this.database.transaction(name, mode).objectStore(name);
    }

    emptied() {
        const transaction = this.database.transaction(ALL, "readwrite");
        for (const name of ALL) {
            transaction.objectStore(name).clear();
        }
        return transaction;
    }
}

function done(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

function finished(transaction) {
    return new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onerror = () => reject(transaction.error);
        transaction.onabort = () => reject(transaction.error);
    });
}
