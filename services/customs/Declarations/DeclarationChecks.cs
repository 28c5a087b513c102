using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Customs.Declarations;

/// <summary>What an inventory must keep beyond its table, into the country or out of it.</summary>
internal static class DeclarationChecks
{
    private const string New = "1";

    /// <summary>What is wrong; empty where nothing is. Source: CEB specification (2022-05) §2.11, §3.9 and -625009.</summary>
    public static IEnumerable<FieldError> Of(CebDocument document)
    {
        var head = document.Message.Head;
        if (document.Number(head["netWeight"]) > document.Number(head["grossWeight"]))
        {
            yield return new("/netWeight", IntakeErrorCodes.NetAboveGross, $"<= {document["grossWeight"]}", document["netWeight"]);
        }

        foreach (var name in (string[])["preNo", "invtNo"])
        {
            if (document["appType"] == New && !string.IsNullOrEmpty(document[name]))
            {
                yield return new($"/{name}", IntakeErrorCodes.NumberNotYours, null, document[name]);
            }
        }

        for (var at = 0; at < document.Lines.Count; at++)
        {
            var line = document.Lines[at];
            if (string.IsNullOrEmpty(line["qty2"]) != string.IsNullOrEmpty(line["unit2"]))
            {
                var missing = string.IsNullOrEmpty(line["qty2"]) ? "qty2" : "unit2";
                yield return new($"/{document.Message.LineMember}/{at}/{missing}", IntakeErrorCodes.SecondUnitIncomplete);
            }
        }
    }
}
