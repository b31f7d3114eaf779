extension JSONNode {
  /// This document changed by `patch`, after RFC 7396 (JSON Merge Patch): objects merge key by key, `null` takes a key
  /// away so that its default holds again, everything else, lists included, is replaced.
  package func merged(with patch: JSONNode) -> JSONNode {
    guard case .object(let additions) = patch.content else { return patch }
    var members: [JSONMember] = []
    if case .object(let own) = content { members = own }
    for addition in additions {
      let index = members.firstIndex { $0.key == addition.key }
      if addition.node.content == .null {
        if let index { members.remove(at: index) }
      } else if let index {
        members[index] = JSONMember(
          key: addition.key, place: addition.place, node: members[index].node.merged(with: addition.node))
      } else {
        let node = JSONNode(.null, addition.place).merged(with: addition.node)
        members.append(JSONMember(key: addition.key, place: addition.place, node: node))
      }
    }
    return JSONNode(.object(members), patch.place)
  }
}
