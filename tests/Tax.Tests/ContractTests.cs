using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Sandan.Contracts.Codes;

namespace Sandan.Tax.Tests;

/// <summary>Options, codes and the boundary of the domain.</summary>
public sealed class ContractTests
{
    public static TheoryData<string> Codes => [.. typeof(TaxCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(constant => (string)constant.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_is_explained_in_both_languages(string code)
    {
        var entry = CodeDictionary.Get(code);

        Assert.All([entry.Text, entry.Cause, entry.Fix], text => Assert.True(text.Zh.Length > 0 && text.En.Length > 0));
        Assert.Equal(!code.StartsWith('S'), entry.Official);
    }

    [Fact]
    public void The_default_options_are_valid() => Assert.Empty(Errors(new()));

    [Fact]
    public void Options_out_of_range_are_refused() => Assert.All<TaxOptions>(
        [
            new() { DiscountFactor = 1.01m },
            new() { DiscountFactor = -0.01m },
            new() { SingleLimitCny = 0 },
            new() { SingleLimitCny = 26_000.01m },
            new() { AnnualLimitCny = 4_999.99m },
            new() { BeerThresholdCnyPerLitre = 0 },
            new() { Rounding = (TaxRounding)9 },
            new() { AdditionalDutyOrigins = null! },
        ],
        options => Assert.Single(Errors(options)));

    [Theory] // No storage, no bus, no log, no clock, no files in Domain.
    [InlineData("Npgsql")]
    [InlineData("MassTransit")]
    [InlineData("Microsoft.Extensions.Logging")]
    [InlineData("ILogger")]
    [InlineData("TimeProvider")]
    [InlineData("DateTime")]
    [InlineData("Stopwatch")]
    [InlineData("System.IO")]
    [InlineData("File.")]
    [InlineData("HttpClient")]
    public void The_domain_does_not_know(string word)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var sources = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("domain/", StringComparison.Ordinal)).ToArray();

        Assert.Contains("domain/ImportTax.cs", sources);
        Assert.All(sources, name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            Assert.DoesNotContain(word, reader.ReadToEnd(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_signatures_of_the_domain_name_only_the_framework_and_Sandan()
    {
        const BindingFlags All =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var named = typeof(TaxOptions).Assembly.GetTypes()
            .Where(type => type.Namespace == "Sandan.Tax.Domain")
            .SelectMany(type => type.GetFields(All).Select(field => field.FieldType)
                .Concat(type.GetMethods(All).SelectMany(method =>
                    method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))))
            .SelectMany(type => type.IsGenericType ? type.GetGenericArguments().Append(type) : [type])
            .Select(type => type.Assembly.GetName().Name!)
            .Distinct();

        Assert.All(named, name => Assert.True(
            name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Sandan.", StringComparison.Ordinal), name));
    }

    private static List<ValidationResult> Errors(TaxOptions options)
    {
        var errors = new List<ValidationResult>();
        Validator.TryValidateObject(options, new(options), errors, validateAllProperties: true);
        return errors;
    }
}
