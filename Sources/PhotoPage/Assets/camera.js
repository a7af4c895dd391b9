// The camera, where the browser has one.
import {byId, on} from './text.js';

/** Offers the camera; `taken` gets each photo as a file, `failed` a message. */
export function openCamera(taken, failed) {
  const video = byId('video');
  let stream = null;

  const show = isOpen => {
    for (const id of ['video', 'take', 'cancel']) byId(id).hidden = !isOpen;
    byId('camera').hidden = isOpen;
    byId('picture').hidden = isOpen || !byId('picture').getAttribute('src');
  };
  const close = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    show(false);
    byId('camera').focus();
  };

  byId('camera').hidden = !navigator.mediaDevices?.getUserMedia;
  on('camera', 'click', async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: 'environment'}});
    } catch (error) {
      failed(error.name === 'NotAllowedError'
        ? 'the browser does not allow the camera; allow it for this page, or choose a file'
        : 'no camera was found; choose a file');
      return;
    }
    video.srcObject = stream;
    await video.play();
    show(true);
    byId('take').focus();
  });
  on('cancel', 'click', close);
  on('take', 'click', () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext('2d').drawImage(video, 0, 0);
    canvas.toBlob(blob => {
      close();
      if (blob) taken(new File([blob], 'camera.jpg', {type: 'image/jpeg'}));
    }, 'image/jpeg', 0.92);
  });
}
