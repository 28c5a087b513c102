using System.Text;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Shared.Security;

namespace Sandan.Intake.Tests;

/// <summary>A key sends the documents of its own company.</summary>
public sealed class SenderTests
{
    [Theory]
    [InlineData("3301961A2B", "3301961A2B", true)]
    [InlineData("3301961a2b", "3301961A2B", true)]
    [InlineData("3301961A2C", "3301961A2B", false)]
    [InlineData("3301961A2", "3301961A2B", false)]
    [InlineData("", "3301961A2B", false)]
    public void A_document_names_the_company_of_its_key(string named, string company, bool may)
    {
        var document = new DocumentJsonReader(CebMessage.Payment).ReadOne(
            Encoding.UTF8.GetBytes($$"""{"payCode":"{{named}}"}"""), TimeProvider.System.GetUtcNow()).Document!;

        var error = Sender.Check(document, new("client", company, Roles.Payment), "payCode");

        Assert.Equal(may, error is null);
        if (error is not null)
        {
            Assert.Equal(("/payCode", IntakeErrorCodes.OtherCompany, company, named), (error.Pointer, error.Code, error.Expected, error.Actual));
        }
    }

    [Fact]
    public void A_document_that_names_nobody_is_nobodys() => Assert.NotNull(Sender.Check(
        new DocumentJsonReader(CebMessage.Payment).ReadOne("{}"u8.ToArray(), TimeProvider.System.GetUtcNow()).Document!,
        new("client", "3301961A2B", Roles.Payment),
        "payCode"));
}
