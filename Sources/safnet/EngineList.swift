import CPU
import Experiments
import Foundation
import XLA

/// Where this process finds plugins for devices.
let pluginPlaces = PluginPlaces(environment: ProcessInfo.processInfo.environment)

/// What this program can train with. A new engine is one line here.
let engines = Engines([CPUEngine(), XLAEngine(pluginPlaces, rehearsal: rehearsed)])
