internal import NIOHTTP1

/// Who may have an answer: the pages that this server gave to the one who has its token.
///
/// * `Host` must name this server: a foreign name that resolves to this computer (DNS rebinding) is
///   refused.
/// * The token comes once in the address that was printed, and then as a cookie, which scripts
///   cannot read and other sites cannot send.
/// * `Origin` and `Sec-Fetch-Site`, where a browser sends them, must be this server's own; only
///   the address with the token may be opened from elsewhere.
struct AccessCheck: Sendable {
  let port: Int
  let token: AccessToken

  /// The outcome for a request.
  enum Verdict: Equatable {
    case allowed
    /// The token was in the address: it is set as a cookie, and a page leads on without it.
    case enter
    case refused(Refusal)
  }

  /// A cookie belongs to every port of a host; so it is named after this one.
  var cookieName: String { "marbles-\(port)" }

  /// The field that sets the cookie, for this session of the browser.
  var cookie: String { "\(cookieName)=\(token.text); Path=/; HttpOnly; SameSite=Strict" }

  /// Judges a request by its head.
  func verdict(_ head: HTTPRequestHead) -> Verdict {
    let hosts = head.headers["host"].map { $0.lowercased() }
    guard hosts.count == 1, hosts[0] == "127.0.0.1:\(port)" || hosts[0] == "localhost:\(port)"
    else { return .refused(Refusal(421, "this server answers to 127.0.0.1:\(port) only")) }
    let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    if head.method == .GET, parts.count == 2, parts[1].hasPrefix("token="),
      token.equals(parts[1].dropFirst("token=".count))
    {
      return .enter
    }
    guard head.headers["origin"].allSatisfy({ $0.lowercased() == "http://\(hosts[0])" }),
      head.headers["sec-fetch-site"].allSatisfy({ ["same-origin", "none"].contains($0) })
    else { return .refused(Refusal(403, "requests of other sites are not answered")) }
    if head.headers["cookie"].contains(where: holdsToken) { return .allowed }
    return .refused(
      Refusal(403, "open the whole address that 'marbles serve' printed, with its token"))
  }

  private func holdsToken(_ cookies: String) -> Bool {
    cookies.split(separator: ";").contains { pair in
      let cookie = pair.drop { $0 == " " }
      return cookie.hasPrefix("\(cookieName)=")
        && token.equals(cookie.dropFirst(cookieName.count + 1))
    }
  }
}
