using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace Sandan.Shared.Telemetry;

/// <summary>Takes out of spans what only its holder may know: the token in the address that customs call (GACC 2018-179).</summary>
public sealed partial class SecretPaths : BaseProcessor<Activity>
{
    private static readonly string[] Tags = ["url.path", "url.full"];

    /// <inheritdoc />
    public override void OnEnd(Activity data)
    {
        foreach (var tag in Tags)
        {
            if (data.GetTagItem(tag) is string said && Token().IsMatch(said))
            {
                data.SetTag(tag, Token().Replace(said, "{token}"));
            }
        }
    }

    [GeneratedRegex("(?<=/v1/179/)[^/]+(?=/platDataOpen)")]
    private static partial Regex Token();
}
