namespace Sandan.Shared.Http;

/// <summary>Numbers in a path are the senders' own and may hold any character.</summary>
public static class RouteValue
{
    /// <summary>
    /// A slash in a number comes as %2F, which routing alone leaves as it is. A number that holds the characters %2F
    /// themselves cannot be told from it, here or on the way through a proxy.
    /// </summary>
    public static string Unslash(this string value) => value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
