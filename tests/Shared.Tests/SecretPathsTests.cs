using System.Diagnostics;
using Sandan.Shared.Telemetry;

namespace Sandan.Shared.Tests;

public sealed class SecretPathsTests
{
    [Theory]
    [InlineData("url.path", "/v1/179/hX7secret/platDataOpen", "/v1/179/{token}/platDataOpen")]
    [InlineData("url.full", "https://zone.example/v1/179/hX7secret/platDataOpen?x=1", "https://zone.example/v1/179/{token}/platDataOpen?x=1")]
    [InlineData("url.path", "/v1/179/realTimeDataUpload", "/v1/179/realTimeDataUpload")]
    [InlineData("url.path", "/v1/orders", "/v1/orders")]
    public void The_token_of_an_address_is_in_no_span(string tag, string said, string told)
    {
        using var processor = new SecretPaths();
        using var activity = new Activity("a request").SetTag(tag, said);
        processor.OnEnd(activity);
        Assert.Equal(told, activity.GetTagItem(tag));
    }
}
