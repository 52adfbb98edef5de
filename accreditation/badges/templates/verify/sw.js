// Keeps the verification page and all its files, so that it opens without network. Lists are not kept here: what a
// device trusts is in its own database, verified.

const RELEASE = {{ release|safe }};

const CACHE = `verify-${RELEASE.name}`;
const OURS = new Set([RELEASE.page, ...RELEASE.assets]);

self.addEventListener("install", (event) => {
    event.waitUntil(keepAll());
});

self.addEventListener("activate", (event) => {
    event.waitUntil(takeOver());
});

self.addEventListener("fetch", (event) => {
    const address = new URL(event.request.url);
    if (event.request.method === "GET" && address.origin === self.location.origin && OURS.has(address.pathname)) {
        event.respondWith(kept(event.request, address.pathname));
    }
});

/** All or nothing: half a page would be worse than the one before. */
async function keepAll() {
    const cache = await caches.open(CACHE);
    await cache.addAll([...OURS].map((address) => new Request(address, {cache: "reload"})));
    await self.skipWaiting();
}

async function takeOver() {
    const old = (await caches.keys()).filter((name) => name.startsWith("verify-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
}

async function kept(request, address) {
    const cache = await caches.open(CACHE);
    return (await cache.match(address)) ?? fetch(request);
}
