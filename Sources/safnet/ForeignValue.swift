/// A value of an option as other programs call it, and what it is here.
enum ForeignValue {
  /// What the option takes instead; nil where that is not known.
  static func words(_ value: String, of option: String) -> String? {
    let name = value.lowercased().replacing("_", with: "-")
    return all.first { $0.option == option && $0.names.contains(name) }.map { "\($0.words): \(option) \($0.meant)" }
  }

  private static let all: [(option: String, names: Set<String>, meant: String, words: String)] = [
    (
      "--checkpoint", ["final", "latest", "checkpoint-final", "checkpoint-final.pth", "checkpoint-latest", "end"],
      "last",
      "The network after the last epoch is called last"
    ),
    (
      "--checkpoint", ["checkpoint-best", "checkpoint-best.pth", "model-best", "top"], "best",
      "The network that was best on the validation cases is called best"
    ),
    (
      "--format", ["pt", "pth", "torch", "torchscript", "safetensors", "state-dict", "ckpt"], "pytorch",
      "Weights with a model.py of plain torch.nn are one format"
    ),
    ("--format", ["tb", "events", "tfevents"], "tensorboard", "TensorBoard's event files are one format"),
    (
      "--format", ["nifti", "nii", "nii.gz", "nnu-net", "nnunetv2"], "nnunet",
      "Label maps of the test cases as NIfTI, in nnU-Net's folders, are one format"
    ),
    (
      "--format", ["dicom", "dcm", "dicom-seg", "seg"], "bids",
      "Label maps with a JSON for dcmqi, which makes DICOM segmentations of them, are one format"
    ),
    ("--format", ["tex"], "latex", "Tables in LaTeX are one format"),
    ("--format", ["md"], "markdown", "Tables in Markdown are one format"),
    ("--format", ["xlsx", "excel", "tsv"], "csv", "Tables that a spreadsheet reads are one format"),
    ("--format", ["png", "svg", "pdf", "plots"], "figures", "Figures are one format"),
  ]
}
