import Foundation
import JSON
import Text

/// MONAI's list of images and masks, which may be called as nnU-Net's dataset.json is.
package enum DataList {
  /// What is told of a folder whose dataset.json is such a list, of files that lie elsewhere than nnU-Net's.
  static func problem(in root: URL) -> DatasetProblem? {
    let file = root.appendingPathComponent("dataset.json")
    return Dataset.has("imagesTr", in: root) ? nil : problem(fileAt: file)
  }

  /// The same of such a list in the place of a dataset, whatever it is called.
  static func problem(fileAt file: URL) -> DatasetProblem? {
    guard let content = try? VolumeFolder.content(of: file),
      let whole = try? JSONParser.parse(Array(content), origin: .file(file.path)), let count = cases(of: whole)
    else { return nil }
    return .dataList(file: file.path, cases: count)
  }

  /// How many cases such a list has for training; nil where it is none.
  package static func cases(of whole: JSONNode) -> Int? {
    guard case .array(let cases)? = whole["training"]?.content, let first = cases.first, first["image"] != nil,
      first["label"] != nil
    else { return nil }
    return cases.count
  }

  /// A table of the same cases, in a shell; each has its place in the list before its image's name, which others may share.
  package static func remedy(_ file: String) -> String {
    "python3 -c 'import json,os,sys; f=os.path.abspath(sys.argv[1]); d=json.load(open(f)); j=lambda p:"
      + " os.path.join(os.path.dirname(f),p); print(\"case,image,label\");"
      + " [print(f\"{k:03}-\"+os.path.basename(x[\"image\"]).split(\".\")[0],j(x[\"image\"]),j(x[\"label\"]),sep=\",\") for k,x in"
      + " enumerate(d[\"training\"]+d.get(\"validation\",[]))]' \(ShellWord.quoted(file)) > study.csv"
  }
}
