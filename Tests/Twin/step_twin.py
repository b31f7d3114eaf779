"""Measures a network's PyTorch twin on demand; `safnet benchmark --against pytorch PYTHON` starts it.

    python Tests/Twin/step_twin.py '{"model": {"kind": "safnet"}, "extent": [18, 256, 128], "classes": 18, "batch": 1,
                                     "threads": 2, "loss": "pixelwise", "precision": "float32"}'

Prints `ready`, or `missing` and what this Python lacks; then for every line `step` or `inference` on standard input the seconds it took. A step is forward, loss,
backward and Adam. Both memory formats (contiguous, channels_last_3d) are tried once; the faster one is measured.
`bfloat16` runs under autocast.

    ... "place": {"device": "cuda", "mode": "eager"}

measures on that device instead, `eager`, in `channels_last_3d`, or with the network and the loss by torch.compile (`compile`,
in channels_last_3d too). float32 switches TF32 off and `fast` switches it on; images and labels go to the device in every
step, as ours do; the clock stops when the device is done. `memory` is answered with the most bytes that PyTorch's allocator
has handed out there. Run on a processor, where all but `memory` and TF32 is the same; on a card it never was. Written for PyTorch 2.13 (Tests/requirements.txt); nnU-Net's network wants
dynamic-network-architectures and nnunetv2 too.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ModelsTests" / "Golden"))
try:
    import torch
    from torch.nn.functional import cross_entropy

    import baselines_reference as baselines
    import safnet_reference as safnet
except ModuleNotFoundError as lack:  # answered in the protocol, so that the program can say how to get it
    print(f"missing {lack.name}", flush=True)
    sys.exit(1)

SAFNET_FIELDS = {"width", "stem", "aspp", "attention", "multiscale", "gate"}
BASELINES = {"unet3d": "UNet3D", "resunet3d": "ResUNet3D", "deeplabv3": "DeepLabV3", "cfnet": "CFNet"}


OWN_NAMES = {"stemBlocks": "stem_blocks"}  # layerScale is only an initial value, 1 in the twin


def nnunet(model, extent, classes):
    import make_nnunet

    return make_nnunet.network(
        model.get("spacing", [4, 1, 1]), extent, model.get("deepSupervision", True), model.get("encoder") == "residual",
        model.get("features", 32), model.get("mostFeatures", 320), classes)


def network(model, extent, classes):
    """The twin with the model's fields."""
    if model["kind"] == "nnunet":
        return nnunet(model, extent, classes)
    if model["kind"] == "safnet":
        return safnet.SAFNet(classes=classes, **{k: v for k, v in model.items() if k in SAFNET_FIELDS})
    fields = {OWN_NAMES.get(k, k): v for k, v in model.items() if k not in ("kind", "layerScale")}
    return getattr(baselines, BASELINES[model["kind"]])(classes, **fields)


class Subject:
    def __init__(self, task, memory_format, device="cpu", compiled=False):
        torch.manual_seed(0)
        self.device = device
        self.autocast = task["precision"] == "bfloat16"
        self.net = network(task["model"], task["extent"], task["classes"]).to(device, memory_format=memory_format)
        self.loss = {"pixelwise": safnet.pixelwise_loss, "crossEntropy": cross_entropy}[task["loss"]]
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-3, weight_decay=1e-4)
        shape = (task["batch"], *task["extent"])
        self.images = torch.rand(shape).unsqueeze(1).to(memory_format=memory_format)
        self.labels = torch.randint(0, task["classes"], shape)
        if compiled:
            self.net, self.loss = torch.compile(self.net), torch.compile(self.loss)

    def logits(self, images):
        """A list where the network is in training and has deep supervision."""
        with torch.autocast(torch.device(self.device).type, torch.bfloat16, enabled=self.autocast):
            return self.net(images.to(self.device))

    def supervised(self, logits):
        labels = self.labels.to(self.device)
        if isinstance(logits, torch.Tensor):
            return self.loss(logits.float(), labels)
        import make_nnunet

        return make_nnunet.deep_loss([one.float() for one in logits], labels)

    def step(self):
        self.net.train()
        self.optimizer.zero_grad()
        self.supervised(self.logits(self.images)).backward()
        self.optimizer.step()

    def inference(self):
        self.net.eval()
        with torch.inference_mode():
            self.logits(self.images[:1]).argmax(1)


    def wait(self):
        if self.device != "cpu":
            torch.cuda.synchronize(self.device)


def seconds(subject, action):
    subject.wait()
    start = time.perf_counter()
    action()
    subject.wait()
    return time.perf_counter() - start


def fastest(task):
    """A subject in the memory format whose second step is the shorter one; there is never more than one."""
    times = {}
    for memory_format in (torch.contiguous_format, torch.channels_last_3d):
        subject = Subject(task, memory_format)
        subject.step()
        times[memory_format] = seconds(subject, subject.step)
        del subject
    return Subject(task, min(times, key=times.get))


def placed(task):
    device, mode = task["place"]["device"], task["place"]["mode"]
    memory_format = torch.contiguous_format if mode == "eager" else torch.channels_last_3d
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = task["precision"] == "fast"
    subject = Subject(task, memory_format, device, compiled=mode == "compile")
    for action in (subject.step, subject.inference):  # compiles, and chooses algorithms
        action()
    return subject


def answer(subject, request):
    if request == "memory":
        return torch.cuda.max_memory_allocated(subject.device)
    return seconds(subject, {"step": subject.step, "inference": subject.inference}[request])


if __name__ == "__main__":
    task = json.loads(sys.argv[1])
    torch.set_num_threads(task["threads"])
    try:
        subject = placed(task) if task.get("place") else fastest(task)
    except ModuleNotFoundError as lack:
        print(f"missing {lack.name}", flush=True)
        sys.exit(1)
    print("ready", flush=True)
    for line in sys.stdin:
        print(answer(subject, line.strip()), flush=True)
