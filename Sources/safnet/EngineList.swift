import CPU
import Experiments

/// What this program can train with. A new engine is one line here.
let engines = Engines([CPUEngine()])
