// Brings the lists up to date. Whatever cannot be verified, or is older than what is there, changes nothing.

import {fromBase64url} from "./bytes.js";
import {CodeError} from "./cose.js";
import {openKeyList, openRevocations} from "./lists.js";

const TRUST = "/b/trust.json";
const PATIENCE_MS = 15_000;
const MAX_BYTES = 4 * 1024 * 1024;
const KINDS = ["keys", "revoked"];

/**
 * What a record of the store comes to: `{code, name, zone, environment, root, keys, revoked}` with opened lists. A list
 * that is not there, or does not open any more because its key was withdrawn, is null.
 */
export async function openRecord(record) {
    const keys = record.keys === null ? null : await opened(keysIn(record.keys.bytes, record));
    const revoked = keys === null || record.revoked === null
        ? null
        : await opened(openRevocations(record.revoked.bytes, keys, record));
    return {...record, keys, revoked};
}

async function opened(opening) {
    try {
        return await opening;
    } catch (error) {
        return refusal(error) && null;
    }
}

/** The reason of a refusal. What is none is a fault of ours and goes on. */
function refusal(error) {
    if (!(error instanceof CodeError)) {
        throw error;
    }
    return error.reason;
}

/**
 * Fetch what the server trusts and what it has published. Returns `{isOnline, lead, troubles}`: `lead` is how many
 * seconds the device's clock is ahead of the server's (null when the server was not reached), `troubles` are
 * `{kind, code}` with kind "root_changed", "not_a_list", "older" or "missing".
 */
export async function update(store) {
    const troubles = [];
    const trust = await fetchTrust();
    if (trust !== null) {
        await store.keepPolicy({
            hotline: trust.hotline, redAfter: trust.red_after, clockOffset: trust.clock_offset,
        });
        const known = new Map((await store.elections()).map((record) => [record.code, record]));
        for (const election of trust.elections) {
            troubles.push(...(await adopt(store, election, known.get(election.code))));
        }
    }
    const reached = [];
    for (const record of await store.elections()) {
        for (const kind of KINDS) {
            reached.push(await refresh(store, record.code, kind, troubles));
        }
    }
    return {isOnline: trust !== null || reached.includes(true), lead: leadOf(trust), troubles};
}

/** A root is pinned when it is first seen: another one later is told, never taken. */
async function adopt(store, election, known) {
    const isSame = known === undefined
        || (known.environment === election.environment && known.root.x === election.root.x
            && known.root.y === election.root.y);
    if (!isSame) {
        return [{kind: "root_changed", code: election.code, detail: election.root.kid}];
    }
    await store.keepElection({
        code: election.code, name: election.name, zone: election.time_zone, environment: election.environment,
        root: election.root,
    });
    return [];
}

/** Fetch one list and keep it if it is sound and newer. Whether the server answered. */
async function refresh(store, code, kind, troubles) {
    const record = (await store.elections()).find((candidate) => candidate.code === code);
    const known = await openRecord(record);
    if (kind === "revoked" && known.keys === null) {
        return false;
    }
    if (known[kind] === null && record[kind] !== null) {
        await store.dropList(code, kind);
    }
    const answer = await ask(`/b/${encodeURIComponent(code)}/${kind}.cose`, known[kind] && record[kind].etag);
    if (answer === null || answer.status === 304) {
        return answer !== null;
    }
    if (answer.status !== 200) {
        troubles.push({kind: "missing", code});
        return true;
    }
    try {
        const highest = known[kind]?.number ?? 0;
        const list = await (kind === "keys"
            ? keysIn(answer.bytes, record, highest)
            : openRevocations(answer.bytes, known.keys, {environment: record.environment, highest}));
        await store.keepList(code, kind, {bytes: answer.bytes, number: list.number, etag: answer.etag});
    } catch (error) {
        troubles.push({kind: refusal(error) === "old_number" ? "older" : "not_a_list", code});
    }
    return true;
}

function keysIn(bytes, {code, environment, root}, highest = 0) {
    const point = {x: fromBase64url(root.x), y: fromBase64url(root.y)};
    return openKeyList(bytes, point, {election: code, environment, highest});
}

async function fetchTrust() {
    const answer = await ask(TRUST, null);
    if (answer === null || answer.status !== 200) {
        return null;
    }
    try {
        const trust = JSON.parse(new TextDecoder().decode(answer.bytes));
        return Array.isArray(trust.elections) ? trust : null;
    } catch {
        return null; // the page of a captive portal
    }
}

/** Status, entity tag and bytes of an answer; null when the server cannot be reached, or sends half an answer. */
async function ask(address, etag) {
    const headers = etag === null ? {} : {"If-None-Match": etag};
    try {
        const answer = await fetch(address, {
            headers, cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS),
        });
        const bytes = new Uint8Array(await answer.arrayBuffer());
        return bytes.length > MAX_BYTES ? null : {status: answer.status, etag: answer.headers.get("ETag"), bytes};
    } catch {
        return null;
    }
}

function leadOf(trust) {
    return trust === null ? null : Math.round(Date.now() / 1000 + trust.clock_offset - trust.now);
}
