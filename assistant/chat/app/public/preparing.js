// Shows how far the preparation is, and opens the chat when it is done.
const step = document.getElementById("step");
const progress = document.getElementById("progress");

async function look() {
  let state;
  try {
    state = await (await fetch("/readyz")).json();
  } catch {
    return; // the server is busy or gone; look again
  }
  if (state.state !== "preparing") {
    location.reload();
    return;
  }
  if (step.textContent !== state.step) step.textContent = state.step;
  if (state.total) {
    progress.max = state.total;
    progress.value = state.done;
  } else {
    progress.removeAttribute("value");
  }
}

setInterval(look, 1000);
