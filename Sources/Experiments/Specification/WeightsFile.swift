import Foundation

/// The name of a file of weights, as other programs keep them: none of their networks can be read.
package struct WeightsFile {
  private let what: String

  /// Nil for every other name. It need not be there.
  package init?(_ name: String) {
    guard let what = Self.kinds[URL(fileURLWithPath: name).pathExtension.lowercased()] else { return nil }
    self.what = what
  }

  /// The same of one that training is to begin with.
  func startWords(_ name: String) -> String {
    "\(name) is \(what), and training begins with what `safnet run` trained: a finished run's name (`safnet runs list`), or a"
      + " checkpoint in its folder (best.h5)"
  }

  /// What it is, and what can be taken over instead.
  package func words(_ name: String) -> String {
    "\(name) is \(what), and only networks that `safnet run` trained can be used here (`safnet runs list`). Of another"
      + " program's network its label maps can be compared: `safnet import predictions FOLDER --experiment FILE --name NAME`;"
      + " docs/interchange.md says how."
  }

  private static let kinds = [
    "pth": "a checkpoint of PyTorch", "pt": "a checkpoint of PyTorch",
    "ckpt": "a checkpoint of Lightning or TensorFlow",
    "onnx": "an ONNX model", "safetensors": "a file of weights (safetensors)", "bin": "a file of weights",
    "keras": "a model of Keras", "pb": "a model of TensorFlow", "tflite": "a model of TensorFlow",
    "pkl": "a pickle of Python", "pickle": "a pickle of Python", "npz": "a file of NumPy's arrays",
    "mlmodel": "a model of Core ML", "engine": "a plan of TensorRT", "model": "a checkpoint of nnU-Net's first version",
  ]
}
