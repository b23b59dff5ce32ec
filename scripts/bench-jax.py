#!/usr/bin/env python3
"""Time the learned-optimizer estimates in JAX, to be set beside `nres bench lopt`.

usage: scripts/bench-jax.py [--threads N] [--only TEXT] [--repeats N] [--all] [--nres COMMAND]
       scripts/bench-jax.py --check

Same work as ours: the inner network's gradient on a batch, MLPLOpt's update, the loss on a
validation batch, and each estimator's arithmetic, as one jitted function that carries its states.
What a JAX program could leave out is left out: resets at an episode's end, new noise, and drawing
batches (a table of indices is there from the start). UORO's random signs belong to each step.

Particles can be put on JAX in several ways: vmap over all, as most programs and the paper's have
it, or lax.map, one after the other; on one CPU device, or shared out over as many as there are
threads. The first row of a case is the usual way and the second the fastest of all that were timed;
--all prints every one. --nres .build/release/nres measures ours as well, as often, and prints how
many times as long JAX takes; `nres bench` cannot choose among its cases, so that ours are all
measured, whatever --only leaves of JAX's. --check holds the step to Tests/Goldens instead.

Needs nothing installed: without jax it makes .build-jax (a venv) and runs itself there.
"""
import argparse
import base64
import functools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import venv

root = pathlib.Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
parser.add_argument("--only", default="", help="cases whose name contains this text")
parser.add_argument("--repeats", type=int, default=7, help="timed calls of each case, at least 7")
parser.add_argument("--all", action="store_true", help="print every formulation")
parser.add_argument("--nres", help="our command, to be measured first")
parser.add_argument("--check", action="store_true", help="compare the step with Tests/Goldens")
options = parser.parse_args()
if options.repeats < 7:
    parser.error("--repeats: a median of fewer than 7 says little")

# XLA sizes its thread pool by the cores that it may use, so this must come before the import.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:options.threads])
try:
    import jax
except ImportError:
    home = root / ".build-jax"
    if sys.prefix == str(home):
        raise
    venv.create(home, with_pip=True)
    subprocess.run([home / "bin/pip", "install", "--quiet", "jax[cpu]"], check=True)
    os.execv(home / "bin/python", [home / "bin/python", *sys.argv])

jax.config.update("jax_num_cpu_devices", options.threads)
import jax.numpy as jnp
import numpy

HORIZON = 1000
SIGMA = 0.01
DECAYS = jnp.array([.1, .5, .9, .99, .999, .9999], jnp.float32)
TIMES = jnp.array([1, 3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e4, 1e5], jnp.float32)


class Shapes:
    """Tensors that lie one after the other in a flat vector."""

    def __init__(self, *shapes):
        self.shapes = shapes
        ends = numpy.cumsum([numpy.prod(shape, dtype=int) for shape in shapes])
        self.spans = list(zip([0, *ends[:-1].tolist()], ends.tolist()))
        self.size = int(ends[-1])

    def split(self, flat):
        return [flat[a:b].reshape(s) for (a, b), s in zip(self.spans, self.shapes)]

    def random(self, seed):
        generator = numpy.random.default_rng(seed)
        return jnp.concatenate([
            jnp.asarray(generator.normal(size=b - a) * (s[-2] ** -.5 if len(s) > 1 else 0),
                        jnp.float32) for (a, b), s in zip(self.spans, self.shapes)])


def dense(*sizes):
    return [shape for a, b in zip(sizes, sizes[1:]) for shape in ((b,), (a, b))]


THETA = Shapes(*dense(19, 32, 32, 2))


class MLP:
    def __init__(self, *sizes):
        self.shapes = Shapes(*dense(*sizes))

    def logits(self, flat, x):
        tensors = self.shapes.split(flat)
        for b, w in zip(tensors[0:-2:2], tensors[1:-2:2]):
            x = jax.nn.gelu(x @ w + b, approximate=True)
        return x @ tensors[-1] + tensors[-2]


class CNN:
    """Convolutions 3×3, relu, pooling 2×2; then a dense layer. `convolve` is XLA's or products of
    nine shifted images."""

    def __init__(self, channels, side, shifted):
        convolutions = [shape for a, b in zip([3, *channels], channels)
                        for shape in ((b,), (3, 3, a, b))]
        side //= 2 ** len(channels)
        self.shapes = Shapes(*convolutions, *dense(side * side * channels[-1], 10))
        self.convolve = self.products if shifted else self.convolution

    @staticmethod
    def convolution(x, w):
        return jax.lax.conv_general_dilated(
            x, w, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))

    @staticmethod
    def products(x, w):
        n, h, width, c = x.shape
        x = jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
        patches = jnp.concatenate(
            [x[:, i:i + h, j:j + width] for i in range(3) for j in range(3)], axis=-1)
        return (patches.reshape(-1, 9 * c) @ w.reshape(9 * c, -1)).reshape(n, h, width, -1)

    def logits(self, flat, x):
        tensors = self.shapes.split(flat)
        for b, w in zip(tensors[0:-2:2], tensors[1:-2:2]):
            x = jax.nn.relu(self.convolve(x, w) + b)
            n, h, width, c = x.shape
            x = x.reshape(n, h // 2, 2, width // 2, 2, c).mean((2, 4))
        return x.reshape(len(x), -1) @ tensors[-1] + tensors[-2]


def cross_entropy(network, flat, batch):
    images, labels = batch
    scores = jax.nn.log_softmax(network.logits(flat, images))
    return -jnp.take_along_axis(scores, labels[:, None], 1).mean()


def learned_update(shapes, theta, state, gradient, count):
    """MLPLOpt: `state` is (7, P), the parameters above their six momenta."""
    momenta = DECAYS[:, None] * state[1:] + (1 - DECAYS[:, None]) * gradient
    features = jnp.concatenate([gradient[None], state[:1], momenta])
    features = jnp.concatenate(
        [f * jax.lax.rsqrt(1e-5 + jnp.mean(f * f, 1, keepdims=True))
         for f in (features[:, a:b] for a, b in shapes.spans)], 1)
    b0, w0, b1, w1, b2, w2 = THETA.split(theta)
    # What is the same for all parameters is multiplied once.
    b0 = b0 + jnp.tanh(count / TIMES - 1) @ w0[8:]
    hidden = jax.nn.relu(w0[:8].T @ features + b0[:, None])
    hidden = jax.nn.relu(w1.T @ hidden + b1[:, None])
    direction, magnitude = w2.T @ hidden + b2[:, None]
    parameters = state[0] - 1e-3 * direction * jnp.exp(1e-3 * magnitude)
    return jnp.concatenate([parameters[None], momenta])


class Task:
    """One step of inner training; images and labels are training's and validation's."""

    def __init__(self, network, images, labels, table):
        self.network, self.images, self.labels, self.table = network, images, labels, table
        self.state_size = network.shapes.size

    def batch(self, split, count):
        rows = self.table[split][count % HORIZON]
        return self.images[split][rows], self.labels[split][rows]

    def transition(self, theta, state, count):
        gradient = jax.grad(functools.partial(cross_entropy, self.network))(
            state[0], self.batch(0, count))
        return learned_update(self.network.shapes, theta, state, gradient, count)

    def loss(self, state, count):
        return cross_entropy(self.network, state[0], self.batch(1, count))

    def step(self, theta, state, count):
        state = self.transition(theta, state, count)
        return state, self.loss(state, count)

    def states(self, particles, seed=3):
        """Fresh states and the steps they are at, spread over the episode."""
        state = jnp.zeros((7, self.state_size)).at[0].set(self.network.shapes.random(seed))
        counts = numpy.random.default_rng(seed).integers(0, HORIZON, particles)
        return jnp.tile(state, (particles, 1, 1)), jnp.asarray(counts, jnp.int32)


def random_task(network, shape, batch):
    generator = numpy.random.default_rng(7)
    sizes = [48_000, 12_000] if len(shape) == 1 else [8_000, 2_000]
    return Task(
        network,
        [jnp.asarray(generator.random((n, *shape), numpy.float32)) for n in sizes],
        [jnp.asarray(generator.integers(0, 10, n), jnp.int32) for n in sizes],
        [jnp.asarray(numpy.stack([generator.choice(n, batch, replace=False)
                                  for _ in range(HORIZON)]), jnp.int32) for n in sizes])


# A particle's part of each estimate: (theta, memory) → (memory, loss, gradient).
# What all particles share is θ; a memory's leaves begin with an axis of particles.

def nres(task):
    def one(theta, memory):
        states, count, noise = memory
        positive, plus = task.step(theta + noise, states[0], count)
        negative, minus = task.step(theta - noise, states[1], count)
        gradient = (plus - minus) / (2 * SIGMA ** 2) * noise
        return ((positive, negative), count + 1, noise), (plus + minus) / 2, gradient

    def memory(particles):
        states, counts = task.states(particles)
        noise = SIGMA * jax.random.normal(jax.random.key(5), (particles, THETA.size))
        return (states, states + 0), counts, noise
    return one, memory


def tbptt(task):
    def one(theta, memory):
        state, count = memory

        def loss(theta):
            after, loss = task.step(theta, state, count)
            return loss, after
        (value, state), gradient = jax.value_and_grad(loss, has_aux=True)(theta)
        return (state, count + 1), value, gradient
    return one, task.states


def dodge(task):
    def one(theta, memory):
        state, tangent, count, direction = memory
        (state, loss), (tangent, slope) = jax.jvp(
            lambda theta, state: task.step(theta, state, count), (theta, state),
            (direction, tangent))
        return (state, tangent, count + 1, direction), loss, slope * direction

    def memory(particles):
        states, counts = task.states(particles)
        return (states, jnp.zeros_like(states), counts,
                jax.random.normal(jax.random.key(5), (particles, THETA.size)))
    return one, memory


def uoro(task):
    def one(theta, memory):
        state, state_tilde, theta_tilde, count, key = memory
        key, sub = jax.random.split(key)
        signs = jax.random.rademacher(sub, state.shape, jnp.float32)
        after, pulled = jax.vjp(lambda theta: task.transition(theta, state, count), theta)
        _, pushed = jax.jvp(lambda s: task.transition(theta, s, count), (state,), (state_tilde,))
        b2, = pulled(signs)

        def ratio(b, a):
            norm = jnp.linalg.norm
            return jnp.sqrt(norm(b.ravel()) / (norm(a.ravel()) + 1e-7)) + 1e-7
        rho1, rho2 = ratio(theta_tilde, pushed), ratio(b2, signs)
        state_tilde = rho1 * pushed + rho2 * signs
        theta_tilde = theta_tilde / rho1 + b2 / rho2
        loss, slope = jax.value_and_grad(lambda p: task.loss(p[None], count))(after[0])
        return ((after, state_tilde, theta_tilde, count + 1, key), loss,
                (slope @ state_tilde[0]) * theta_tilde)

    def memory(particles):
        states, counts = task.states(particles)
        return (states, jnp.zeros_like(states), jnp.zeros((particles, THETA.size)), counts,
                jax.random.split(jax.random.key(5), particles))
    return one, memory


def online(estimator, particles, mapping, devices):
    """The whole estimate: particles by `mapping` on each of `devices`, then means."""
    one, memory = estimator
    mesh = jax.make_mesh((devices,), ("particles",), devices=jax.devices()[:devices])
    shared, spread = jax.P(), jax.P("particles")

    def part(theta, memory):
        body = functools.partial(one, theta)
        memory, losses, gradients = (
            jax.vmap(body)(memory) if mapping == "vmap" else jax.lax.map(body, memory))
        means = losses.mean(), gradients.mean(0)
        return memory, *(jax.lax.pmean(mean, "particles") for mean in means)
    run = jax.jit(
        jax.shard_map(part, mesh=mesh, in_specs=(shared, spread),
                      out_specs=(spread, shared, shared), check_vma=False), donate_argnums=1)
    theta = jax.device_put(THETA.random(1), jax.NamedSharding(mesh, shared))
    carried = [jax.device_put(memory(particles), jax.NamedSharding(mesh, spread))]

    def call():
        carried[0], loss, gradient = run(theta, carried[0])
        return loss, gradient
    return call


def bptt(task, steps, recompute):
    def loss(theta, state):
        def body(state, count):
            return task.step(theta, state, count)
        body = jax.checkpoint(body) if recompute else body
        return jax.lax.scan(body, state, jnp.arange(steps))[1].mean()
    run = jax.jit(jax.value_and_grad(loss))
    theta, state = THETA.random(1), task.states(1)[0][0]
    return lambda: run(theta, state)


def cases():
    """Each case's name, and its formulations by name, the usual one first."""
    threads = options.threads
    devices = sorted({1, threads})

    @functools.cache
    def mlp():
        return random_task(MLP(64, 32, 32, 32, 10), (64,), 128)

    def ways(make, particles):
        return {f"{mapping} x{count}": functools.partial(make, particles, mapping, count)
                for mapping in ("vmap", "map") for count in devices if particles % count == 0}
    for name, estimator in [("NRES", nres), ("TBPTT", tbptt), ("DODGE", dodge), ("UORO", uoro)]:
        def make(particles, mapping, count, estimator=estimator):
            return online(estimator(mlp()), particles, mapping, count)
        yield f"{name} W=1 N=100", ways(make, 100)
    for steps in (100, 1000):
        yield f"BPTT T={steps} N=1", {
            name: lambda steps=steps, recompute=recompute: bptt(mlp(), steps, recompute)
            for name, recompute in [("scan", False), ("scan, checkpoint", True)]}

    def cnn(particles, mapping, count, shifted):
        network = CNN([32, 32, 32, 32], 32, shifted)
        return online(nres(random_task(network, (32, 32, 3), 32)), particles, mapping, count)
    # XLA's own convolution under lax.map takes ten seconds.
    yield "CNN NRES W=1 N=10", {"vmap x1": lambda: cnn(10, "vmap", 1, shifted=False)} | {
        f"{name}, patches": functools.partial(way, shifted=True)
        for name, way in ways(cnn, 10).items()}


def milliseconds(call):
    for _ in range(2):
        jax.block_until_ready(call())
    times = []
    for _ in range(options.repeats):
        begin = time.perf_counter()
        jax.block_until_ready(call())
        times.append(1000 * (time.perf_counter() - begin))
    return times


def ours():
    """Median milliseconds of each case of `nres bench lopt`."""
    if not options.nres:
        return {}
    if options.only:
        print("nres bench lopt measures all its cases first", file=sys.stderr, flush=True)
    lines = subprocess.run(
        [options.nres, "bench", "lopt", "--json", "--threads", str(options.threads),
         "--windows", str(options.repeats)],
        check=True, capture_output=True, text=True).stdout.splitlines()
    return {row["measured"]["name"]: 1000 * row["seconds"] for row in map(json.loads, lines)}


def measure():
    every = dict(cases())
    asked_for = {name: ways for name, ways in every.items()
                 if options.only.lower() in name.lower()}
    if not asked_for:
        sys.exit(f"--only {options.only}: no case has this in its name; there are "
                 + ", ".join(every))
    medians = ours()
    print(f"jax {jax.__version__}, {options.threads} threads, medians of {options.repeats}")
    print(f"{'case':28}{'median ms':>10}{'min':>10}{'max':>10}{'nres ms':>10}{'ratio':>7}"
          "  formulation")
    for case, formulations in asked_for.items():
        rows = []
        for name, make in formulations.items():
            times = milliseconds(make())
            rows.append((statistics.median(times), min(times), max(times), name))
            jax.clear_caches()
        for row in rows if options.all else [rows[0], min(rows)]:
            beside = f"{'':17}"
            if case in medians:
                beside = f"{medians[case]:10.2f}{row[0] / medians[case]:7.2f}"
            print(f"{case:28}{row[0]:10.2f}{row[1]:10.2f}{row[2]:10.2f}{beside}  {row[3]}",
                  flush=True)


def check():
    """Two steps of the golden trajectory: worst differences of losses, gradients and states."""
    def arrays(name):
        file = json.loads((root / f"Tests/Goldens/{name}.json").read_text())
        return {key: numpy.frombuffer(base64.b64decode(a["data"]), a["type"]).reshape(a["shape"])
                for key, a in file.items()}
    golden, data = arrays("eval/lopt_eval"), arrays("estimators/lopt_tiny_dataset")
    inner = [f"['MLP/~/mlp/~/linear_{i}']['{n}']" for i in range(2) for n in "bw"]

    def flat(prefix, names):
        return jnp.concatenate([golden[prefix + name].ravel() for name in names])

    def state(t):
        momenta = jnp.concatenate(
            [golden[f"traj_t{t}.rolling_features.m{name}"].reshape(-1, 6) for name in inner])
        return jnp.concatenate([flat(f"traj_t{t}.params", inner)[None], momenta.T])
    theta = flat("theta", [f"['mlp/~/linear_{i}']['{n}']" for i in range(3) for n in "bw"])
    images = jnp.asarray(data["X"].reshape(-1, 64), jnp.float32) / 255
    network = MLP(64, 4, 10)
    table = jnp.stack([golden[f"traj_t{t}_train_indices"] for t in range(3)])
    task = Task(network, [images[:200]], [jnp.asarray(data["y"], jnp.int32)[:200]], [table])
    for t in range(3):
        loss, gradient = jax.value_and_grad(functools.partial(cross_entropy, network))(
            state(t)[0], task.batch(0, t))
        differences = [abs(loss - golden[f"traj_t{t}_inner_loss"]),
                       jnp.abs(gradient - flat(f"traj_t{t}_inner_grad", inner)).max()]
        if t < 2:
            differences.append(jnp.abs(task.transition(theta, state(t), t) - state(t + 1)).max())
        print(f"step {t}: worst differences of loss, gradient, next state:",
              *(f"{float(d):.1e}" for d in differences))
        if max(differences) > 1e-6:
            sys.exit("the step differs from the golden numbers")


check() if options.check else measure()
