import Text

/// `safnet predict` and `safnet evaluate` as they cannot be obeyed; says what to type instead.
package enum ImageUsageError: Error, Equatable, CustomStringConvertible {
  case runTwice(name: String)
  case noVariant(known: [String])
  /// `earlier`: what finished runs of earlier content are.
  case noFinishedRun(variant: String, runs: Int, earlier: String?)
  case oneFileForMany(output: String, images: Int)
  case noOutput
  case outputIsInput(file: String)
  case outputIsFile(file: String)
  case outputIsNoLabelMap(name: String)
  case busy(folder: String)
  case badComponents(text: String)
  case noPair(predictions: String, truths: String)
  case fileAndFolder(file: String, folder: String)
  case csvOfOne

  package var description: String {
    switch self {
    case .runTwice(let name): "\(name) is named twice; a network has one vote."
    case .noVariant(let known):
      "--experiment: it has the variants \(known.joined(separator: ", ")); name one with --variant."
    case .noFinishedRun(let variant, let runs, nil):
      "none of the \(runs) runs of \(variant) has finished yet. Type `safnet run` with the experiment first."
    case .noFinishedRun(let variant, let runs, let earlier?):
      "none of the \(runs) runs of \(variant) has finished as the experiment says now. Give the --set with which they were"
        + " trained, or type `safnet run` first. \(earlier)"
    case .oneFileForMany(let output, let images):
      "--output \(output) is one label map, and \(images) images are to be segmented; give a folder."
    case .noOutput: "--output is empty; give a folder, or for one image a label map's name."
    case .outputIsInput(let file): "--output: \(file) is the image itself. Give another folder."
    case .outputIsFile(let file):
      "--output \(file) is a file, and neither .nii nor .nii.gz. Give a folder, or a name that ends so."
    case .outputIsNoLabelMap(let name):
      "--output \(name) reads like a file's name; label maps end in .nii or .nii.gz. For a folder of that name give \(name)/"
    case .busy(let folder):
      "another `safnet predict` is writing into \(folder). Wait for its end, or give another folder."
    case .badComponents(let text):
      "--components '\(text)': give largest, all, STRUCTURE=largest or STRUCTURE=all; what comes later counts."
    case .noPair(let predictions, let truths):
      "no case of \(predictions) is in \(truths): files are paired by their names without the ending."
    case .csvOfOne: "--csv is for two folders; --json prints every score of one pair."
    case .fileAndFolder(let file, let folder):
      "\(file) is a file and \(folder) a folder; give two label maps, or two folders."
    }
  }
}
