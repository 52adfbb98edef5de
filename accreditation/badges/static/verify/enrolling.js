// How this device is enrolled: a code is typed, scanned, or stands in the address.

import * as device from "./device.js";
import {say} from "./texts.js";
import {element, put} from "./view.js";

export class Enrolling {
    /** `now()` is the time of this device in seconds. */
    constructor(now) {
        this.now = now;
        element("enrol").addEventListener("submit", (event) => {
            event.preventDefault();
            this.take(element("enrol-code").value);
        });
        device.changes.addEventListener("change", () => this.show());
    }

    /** Use the code; what came of it is said beside the field. */
    async take(code) {
        element("enrol-button").disabled = true;
        put("enrol-answer", say("enrolling"));
        const outcome = await device.enrol(code, this.now());
        put("enrol-answer", outcome === "enrolled" ? "" : say(`enrol_${outcome}`));
        element("enrol-button").disabled = false;
        element("enrol-code").value = "";
        await this.show();
    }

    /** The field is there while no device is enrolled. */
    async show() {
        element("enrol").hidden = (await device.status()) !== null;
    }
}
