// The ways in which a code comes to the page: camera, picture, by hand, or behind the # of the address.

import {Camera, hasCamera, readPicture} from "./camera.js";
import {say} from "./texts.js";
import {element, put} from "./view.js";

const CAMERA_MS = 120_000; // a forgotten camera empties the battery

export class Reading {
    /** `found(text)` is called with each code. */
    constructor(found) {
        this.found = found;
        this.camera = new Camera(element("video"), found);
        element("camera").addEventListener("click", () => this.toggleCamera());
        element("torch").addEventListener("click", () => this.toggleTorch());
        element("picture").addEventListener("change", (event) => this.takePicture(event.target));
        element("paste").addEventListener("submit", (event) => {
            event.preventDefault();
            this.found(element("code").value.trim());
        });
        addEventListener("hashchange", () => this.takeFromAddress());
        document.addEventListener("visibilitychange", () => document.hidden && this.stopCamera());
    }

    /** A code that another app has read stands in the address; it is taken out at once. */
    async takeFromAddress() {
        const text = location.hash.slice(1);
        if (text !== "") {
            history.replaceState(null, "", location.pathname);
            await this.found(text);
        }
    }

    /** Leave the stage to the verdict. */
    close() {
        this.stopCamera();
        put("complaint", "");
        element("scan").hidden = true;
    }

    /** Ready for the next code. */
    open() {
        element("code").value = "";
        element("scan").hidden = false;
        element("camera").focus();
    }

    /** The button says what it would do now, in the present language. */
    label() {
        element("camera").textContent = say(this.camera.isOn ? "stop" : "scan");
    }

    async toggleCamera() {
        put("complaint", "");
        if (this.camera.isOn) {
            this.stopCamera();
            return;
        }
        if (!hasCamera()) {
            put("complaint", say("no_camera"));
            return;
        }
        element("finder").hidden = false;
        try {
            await this.camera.start();
        } catch (error) {
            this.stopCamera();
            put("complaint", say(error.name === "NotAllowedError" ? "camera_refused" : "no_camera"));
            return;
        }
        element("torch").hidden = !this.camera.hasTorch;
        this.timer = setTimeout(() => this.stopCamera(), CAMERA_MS);
        this.label();
    }

    stopCamera() {
        clearTimeout(this.timer);
        this.camera.stop();
        element("finder").hidden = true;
        element("torch").hidden = true;
        element("torch").setAttribute("aria-pressed", "false");
        this.label();
    }

    async toggleTorch() {
        const isOn = element("torch").getAttribute("aria-pressed") !== "true";
        await this.camera.setTorch(isOn);
        element("torch").setAttribute("aria-pressed", String(isOn));
    }

    async takePicture(input) {
        const [file] = input.files;
        this.stopCamera();
        put("complaint", "");
        const text = file === undefined ? null : await readPicture(file);
        input.value = "";
        if (text !== null) {
            await this.found(text);
        } else if (file !== undefined) {
            put("complaint", say("no_code"));
        }
    }
}
