import decode from '/web/vendor/amr/decode-amr.js';

onmessage = async ({ data }) => {
  try {
    const { channelData, sampleRate } = await decode(data.bytes);
    const samples = channelData[0];
    postMessage({ id: data.id, samples, rate: sampleRate }, [samples.buffer]);
  } catch (failed) {
    postMessage({ id: data.id, failed: String(failed) });
  }
};
