// Reads square codes: from the camera, from a picture, with jsQR.

import "./vendor/jsqr-1.4.0.js";

const FRAME = 640;
const PICTURE_SIZES = [1000, 640, 1600];
const PAUSE_MS = 60;
const MAX_PICTURE_BYTES = 40 * 1024 * 1024;

/** The text of a code in a frame of pixels, or null. Light symbols on dark ground are no badges. */
export function readFrame({data, width, height}, inversionAttempts = "dontInvert") {
    const found = self.jsQR(data, width, height, {inversionAttempts});
    return found === null || found.data === "" ? null : found.data;
}

/** The text of the code in a picture file, or null when there is none or it is no picture. */
export async function readPicture(file) {
    if (file.size > MAX_PICTURE_BYTES) {
        return null;
    }
    let picture;
    try {
        picture = await createImageBitmap(file);
    } catch {
        return null;
    }
    try {
        for (const size of PICTURE_SIZES) {
            const text = readFrame(pixelsOf(picture, picture.width, picture.height, size), "attemptBoth");
            if (text !== null) {
                return text;
            }
        }
        return null;
    } finally {
        picture.close();
    }
}

/** Whether this browser lets a page ask for a camera at all: only over https, or on the machine itself. */
export function hasCamera() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
}

/** A camera that shows itself in `video` and calls `found(text)` once, then stops. */
export class Camera {
    constructor(video, found) {
        this.video = video;
        this.found = found;
        this.stream = null;
        this.run = 0;
    }

    /** Ask for the camera and begin to look. Rejects as getUserMedia does. */
    async start() {
        this.stop();
        const run = this.run;
        const stream = await navigator.mediaDevices.getUserMedia({
            audio: false,
            video: {facingMode: "environment", width: {ideal: 1280}, height: {ideal: 720}},
        });
        if (run !== this.run) {
            stopTracks(stream); // stopped while the person was being asked
            return;
        }
        this.stream = stream;
        this.video.srcObject = stream;
        await this.video.play();
        this.look(run);
    }

    stop() {
        this.run += 1;
        if (this.stream !== null) {
            stopTracks(this.stream);
            this.stream = null;
            this.video.srcObject = null;
        }
    }

    get isOn() {
        return this.stream !== null;
    }

    get hasTorch() {
        return Boolean(this.stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
    }

    /** Light for a dark room, where the phone has one. */
    async setTorch(isOn) {
        await this.stream?.getVideoTracks()[0]?.applyConstraints({advanced: [{torch: isOn}]});
    }

    look(run) {
        if (run !== this.run) {
            return;
        }
        const {videoWidth, videoHeight} = this.video;
        const text = videoWidth === 0 ? null : readFrame(pixelsOf(this.video, videoWidth, videoHeight, FRAME));
        if (text === null) {
            setTimeout(() => this.look(run), PAUSE_MS);
        } else {
            this.stop();
            this.found(text);
        }
    }
}

function stopTracks(stream) {
    stream.getTracks().forEach((track) => track.stop());
}

const canvas = document.createElement("canvas");

/** The pixels of a picture or of the present frame, its longer side at most `size`. */
function pixelsOf(source, width, height, size) {
    const scale = Math.min(1, size / Math.max(width, height));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const drawing = canvas.getContext("2d", {willReadFrequently: true});
    drawing.fillStyle = "white"; // under a picture with holes
    drawing.fillRect(0, 0, canvas.width, canvas.height);
    drawing.drawImage(source, 0, 0, canvas.width, canvas.height);
    return drawing.getImageData(0, 0, canvas.width, canvas.height);
}
