// The server as a device speaks to it. Nothing is thrown: without network an answer is null.

const BASE = "/api/v1/verification";
const PATIENCE_MS = 60_000;
const NO_HINT_S = 30;
const MOST_S = 3600;

/** Ask with the token of the device. Returns `{status, etag, bytes}` or null. */
export function ask(path, {token, etag = null}) {
    const headers = {Authorization: `Bearer ${token}`};
    if (etag !== null) {
        headers["If-None-Match"] = etag;
    }
    return answered(path, {headers});
}

/** Send something as JSON, with a token or as anybody. */
export function send(path, body, {token = null} = {}) {
    const headers = {"Content-Type": "application/json"};
    if (token !== null) {
        headers.Authorization = `Bearer ${token}`;
    }
    return answered(path, {method: "POST", headers, body: JSON.stringify(body)});
}

/** What an answer says; null for what is no JSON, such as the page of a captive portal. */
export function said(answer) {
    try {
        return JSON.parse(new TextDecoder().decode(answer.bytes));
    } catch {
        return null;
    }
}

/**
 * How long to leave the server alone, in milliseconds: never shorter than it says, and up to half as long again, so
 * that devices that were sent away together do not come back together.
 */
export function pauseAfter(answer) {
    const told = Number.parseInt(answer.retryAfter ?? "", 10);
    const seconds = Math.min(Number.isNaN(told) || told < 0 ? NO_HINT_S : told, MOST_S);
    return seconds * 1000 * (1 + Math.random() / 2);
}

async function answered(path, options) {
    try {
        const answer = await fetch(`${BASE}/${path}/`, {
            ...options, cache: "no-store", credentials: "omit", redirect: "error",
            signal: AbortSignal.timeout(PATIENCE_MS),
        });
        return {
            status: answer.status,
            etag: answer.headers.get("ETag"),
            retryAfter: answer.headers.get("Retry-After"),
            bytes: new Uint8Array(await answer.arrayBuffer()),
        };
    } catch {
        return null;
    }
}
