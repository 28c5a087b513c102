using System.Reflection;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

public sealed class CodeDictionaryTests
{
    public static IEnumerable<object[]> Constants() =>
        from type in typeof(CodeDictionary).Assembly.GetTypes()
        where type.Name.EndsWith("Codes", StringComparison.Ordinal)
        from field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
        where field.IsLiteral && field.FieldType == typeof(string)
        select new object[] { $"{type.Name}.{field.Name}", field.GetRawConstantValue()! };

    [Theory]
    [MemberData(nameof(Constants))]
    public void Every_code_is_explained_in_both_languages(string name, string code)
    {
        var entry = CodeDictionary.Get(code);

        Assert.All([entry.Text, entry.Cause, entry.Fix], text =>
        {
            Assert.False(string.IsNullOrWhiteSpace(text.Zh), name);
            Assert.False(string.IsNullOrWhiteSpace(text.En), name);
        });
    }

    [Fact]
    public void Only_customs_numbers_are_official() =>
        Assert.All(CodeDictionary.All, entry => Assert.Equal(!char.IsLetter(entry.Code[0]), entry.Official));
}
