import Foundation

/// The name of an output that is a folder.
enum OutputName {
  /// Whether a folder is surely not meant by it. With a slash at its end, it is.
  static func readsLikeAFile(_ output: String) -> Bool {
    guard !output.hasSuffix("/") else { return false }
    let name = URL(fileURLWithPath: output).lastPathComponent
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return false }
    return name.contains(".nii") || endings.contains(name[name.index(after: dot)...].lowercased())
  }

  private static let endings: Set<String> = [
    "png", "jpg", "jpeg", "tif", "tiff", "bmp", "svg", "pdf", "mha", "mhd", "nrrd", "nhdr", "hdr", "img", "mgz", "mgh",
    "mnc", "dcm", "npy", "npz", "mat", "gz", "zip", "csv", "txt", "json", "h5", "hdf5", "onnx", "stl", "vtk", "pt",
    "pth", "safetensors", "html", "htm", "md", "tex", "xml", "yaml", "yml", "tsv", "log", "eps", "ps", "gif", "webp",
    // What people send or hand in.
    "tar", "tgz", "bz2", "xz", "zst", "7z", "rar", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "ppt", "pptx",
  ]
}
