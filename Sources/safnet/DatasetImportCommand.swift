import ArgumentParser
import Volumes
import Workbench

struct DatasetImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "List images and masks of any other layout in a manifest, which experiments read.",
    discussion: """
      Give the path of an image and that of a mask with one * where the case's name stands. Nothing is copied; the
      manifest is what `dataset.path` of an experiment then names. Its structures go into `dataset.labels`.

      Examples:
        safnet dataset import study.csv --images 'scans/*/t2.nii.gz' --masks 'scans/*/seg.nii.gz'
        safnet dataset import study.csv --images 'mri/*.nii' --masks 'labels/*_seg.nii' --patient-ends _visit
      """)

  @Argument(help: "The manifest to write (CSV).") var manifest: String
  @Option(help: ArgumentHelp("Where the images are; in quotes, or the shell replaces the *.", valueName: "path with *"))
  var images: CasePattern
  @Option(help: ArgumentHelp("Where the masks are; in quotes too.", valueName: "path with *")) var masks: CasePattern
  @Option(
    help: ArgumentHelp(
      "The patient's name is the case's up to this text, so that no patient is trained and tested on.",
      valueName: "text"))
  var patientEnds: String?

  func validate() throws {
    if !manifest.lowercased().hasSuffix(".csv") { throw ValidationError("the manifest \(manifest) must end in .csv") }
  }

  func run() throws {
    console.print(try NewDataset.list(images: images, masks: masks, patientEnds: patientEnds, in: manifest))
  }
}

extension CasePattern: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
