using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;

namespace Sandan.EndToEnd.Tests;

/// <summary>Documents as the official messages, from what they are as JSON.</summary>
internal static class OfficialXml
{
    public static string Of(CebMessage message, JsonObject document)
    {
        static string Element(string? name, string content) => name is null ? content : $"<ceb:{name}>{content}</ceb:{name}>";

        static string Fields(CebFieldTable table, JsonObject values) => string.Concat(table.Fields
            .Where(field => !field.IsExtension && values[field.Name] is not null)
            .Select(field => Element(field.Name, values[field.Name]!.ToString())));

        var lines = message.LineMember is { } member
            ? string.Concat(document[member]!.AsArray().Select(line => Element(message.LineName, Fields(message.Lines!, line!.AsObject()))))
            : "";
        return $"""
            <ceb:{message.RootName} xmlns:ceb="{CebMessage.Namespace}" guid="{document["guid"]}" version="1.0">{Element(message.DocumentName, Element(message.HeadName, Fields(message.Head, document)) + lines)}<ceb:BaseTransfer><ceb:copCode>3302980005</ceb:copCode><ceb:copName>示例报关有限公司</ceb:copName><ceb:dxpMode>DXP</ceb:dxpMode><ceb:dxpId>DXPENT0000012345</ceb:dxpId></ceb:BaseTransfer></ceb:{message.RootName}>
            """;
    }
}
