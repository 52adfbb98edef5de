// The page is put together here.

import {Checking} from "./checking.js";
import {isEnrolment} from "./device.js";
import {Enrolling} from "./enrolling.js";
import {Reading} from "./reading.js";
import {Standing} from "./standing.js";
import {openStore} from "./store.js";
import {languages, say, speak} from "./texts.js";
import {Trusts} from "./trusts.js";
import {put, translate} from "./view.js";

const LANGUAGE = "observer-desk-language";
const WORKER = "/b/sw.js";
const SCOPE = "/b";
const NEW_VERSION_MS = 3_600_000;

async function start() {
    let language = chosenLanguage();
    speak(language);
    translate(language);
    if (!globalThis.isSecureContext) {
        put("complaint", say("needs_https"));
        return;
    }
    const store = await openStore();
    const trusts = new Trusts(store);
    await trusts.load();
    const checking = new Checking(trusts, {before: () => reading.close(), after: () => reading.open()});
    const enrolling = new Enrolling(() => trusts.now());
    const reading = new Reading((text) => (isEnrolment(text) ? enrolling.take(text) : checking.check(text)));
    const standing = new Standing(store, trusts, () => checking.repeat());
    for (const button of document.querySelectorAll("[data-language]")) {
        button.addEventListener("click", async () => {
            language = button.dataset.language;
            localStorage.setItem(LANGUAGE, language);
            speak(language);
            translate(language);
            reading.label();
            await checking.repeat();
            await standing.show();
        });
    }
    await standing.show();
    await enrolling.show();
    await reading.takeFromAddress();
    await keepForOffline((isNewer) => standing.tellKept(isNewer));
    await standing.start();
}

function chosenLanguage() {
    const wished = localStorage.getItem(LANGUAGE) ?? navigator.language.slice(0, 2);
    return languages.includes(wished) ? wished : languages[0];
}

/** Have the worker keep this page; `kept(isNewer)` is called when it does, and when newer files took their place. */
async function keepForOffline(kept) {
    if (navigator.serviceWorker === undefined) {
        return;
    }
    let hadWorker = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
        kept(hadWorker);
        hadWorker = true;
    });
    try {
        const worker = await navigator.serviceWorker.register(WORKER, {scope: SCOPE, updateViaCache: "none"});
        setInterval(() => worker.update().catch(() => null), NEW_VERSION_MS); // a page that stays open for days
    } catch {
        // Without network there is nothing to register; the worker of the last visit goes on.
    }
    await navigator.storage?.persist?.();
}

await start();
