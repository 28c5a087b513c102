using Microsoft.Extensions.Configuration;

namespace Sandan.Shared.Tests;

public sealed class SettingsTests
{
    internal static SandanSettings Given(params (string Name, string? Value)[] more)
    {
        var values = new Dictionary<string, string?>
        {
            ["SANDAN_POSTGRES"] = "Host=db;Password=secret",
            ["SANDAN_RABBITMQ"] = "amqp://user:secret@bus:5672/",
            ["SANDAN_KEYS"] = "/keys",
        };
        foreach (var (name, value) in more)
        {
            values[name] = value;
        }

        return SandanSettings.From(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }

    [Fact]
    public void Defaults_are_those_of_the_laptop()
    {
        var settings = Given();
        Assert.Equal("sandan_", settings.DatabasePrefix);
        Assert.Equal("sandan.", settings.BusPrefix);
        Assert.Equal("demo", settings.Zone);
        Assert.Equal(10, settings.Addresses.Count);
        Assert.Equal(new("http://127.0.0.1:8080"), settings.Addresses["gateway"]);
        Assert.Equal(new("http://127.0.0.1:8101"), settings.Addresses["registry"]);
        Assert.Equal(10, settings.Addresses.Values.Distinct().Count());
    }

    [Theory]
    [InlineData("SANDAN_POSTGRES", null)]
    [InlineData("SANDAN_POSTGRES", "")]
    [InlineData("SANDAN_RABBITMQ", null)]
    [InlineData("SANDAN_RABBITMQ", "user:secret@bus")]
    [InlineData("SANDAN_KEYS", null)]
    [InlineData("SANDAN_URL_MATCHER", "matcher")]
    [InlineData("SANDAN_PORT_BASE", "many")]
    public void What_is_missing_or_wrong_is_named_without_its_value(string name, string? value)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Given((name, value)));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_can_be_given_one_by_one_and_empty_means_not_given()
    {
        var settings = Given(
            ("SANDAN_URL_MATCHER", "http://matcher:8080"), ("SANDAN_URL_TAX", ""), ("SANDAN_PORT", "9000"), ("SANDAN_PORT_BASE", "9100"));
        Assert.Equal(new("http://matcher:8080"), settings.Addresses["matcher"]);
        Assert.Equal(9106, settings.Addresses["tax"].Port);
        Assert.Equal(9000, settings.Addresses["gateway"].Port);
    }
}
