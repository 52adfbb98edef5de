// The page is put together here.

import {Checking} from "./checking.js";
import {Reading} from "./reading.js";
import {Standing} from "./standing.js";
import {openStore} from "./store.js";
import {languages, say, speak} from "./texts.js";
import {Trusts} from "./trusts.js";
import {put, translate} from "./view.js";

const LANGUAGE = "observer-desk-language";
const WORKER = "/b/sw.js";
const SCOPE = "/b";

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
    const reading = new Reading((text) => checking.check(text));
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
    await reading.takeFromAddress();
    await keepForOffline(() => standing.tellNewVersion());
    await standing.start();
}

function chosenLanguage() {
    const wished = localStorage.getItem(LANGUAGE) ?? navigator.language.slice(0, 2);
    return languages.includes(wished) ? wished : languages[0];
}

/** Have the worker keep this page; `replaced` is called when newer files have taken its place. */
async function keepForOffline(replaced) {
    if (navigator.serviceWorker === undefined) {
        return;
    }
    const hadWorker = navigator.serviceWorker.controller !== null;
    if (hadWorker) {
        navigator.serviceWorker.addEventListener("controllerchange", replaced);
    }
    try {
        await navigator.serviceWorker.register(WORKER, {scope: SCOPE, updateViaCache: "none"});
    } catch {
        // Without network there is nothing to register; the worker of the last visit goes on.
    }
    await navigator.storage?.persist?.();
}

await start();
