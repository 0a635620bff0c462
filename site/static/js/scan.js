/* Reads the QR code of a badge by the camera, where the browser knows how to; nothing leaves the browser but the code
   that was read. Without this the button stays hidden, and the code is typed. */
(() => {
  const button = document.querySelector("[data-scan]");
  if (!button || !("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return;

  const PAUSE = 250; // ms between two looks
  const form = button.form;
  const video = form.querySelector("[data-scan-video]");
  const status = form.querySelector("[data-scan-status]");
  const words = button.textContent;
  let stream;

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
    video.hidden = true;
    button.textContent = words;
  };

  const look = async (detector) => {
    if (!stream) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (!found) {
      setTimeout(look, PAUSE, detector);
      return;
    }
    stop();
    form.elements.code.value = found.rawValue;
    form.requestSubmit();
  };

  const start = async () => {
    status.textContent = "";
    try {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      button.textContent = button.dataset.stop;
      await video.play();
      look(detector);
    } catch {
      stop();
      status.textContent = button.dataset.failed;
    }
  };

  BarcodeDetector.getSupportedFormats().then((formats) => {
    button.hidden = !formats.includes("qr_code");
  });
  button.addEventListener("click", () => (stream ? stop() : start()));
  addEventListener("pagehide", stop);
})();
