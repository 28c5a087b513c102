using BenchmarkDotNet.Attributes;
using Sandan.Contracts.Ceb;

namespace Sandan.Bench.Micro;

/// <summary>A document out of the bytes of a request, with every field checked; as the routes of the intake call it.</summary>
public class ParseAndValidate
{
    private byte[] json = [];
    private byte[] ndjson = [];
    private byte[] xml = [];

    [ParamsAllValues]
    public Kind Document { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        using var documents = new Documents();
        json = documents.Body(Document, Format.Json, 1);
        ndjson = documents.Body(Document, Format.Ndjson, Documents.InBatch);
        xml = documents.Body(Document, Format.Xml, Documents.InMessage);
        Documents.Accepted(Json().Items, 1);
        Documents.Accepted(Ndjson().Items, Documents.InBatch);
        Documents.Accepted(Xml().Items, Documents.InMessage);
    }

    /// <summary>One object in a request.</summary>
    [Benchmark]
    public DocumentBatch Json() => Reader().Read(json, JsonFraming.Json, Documents.Now);

    /// <summary>One of many in a request.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public DocumentBatch Ndjson() => Reader().Read(ndjson, JsonFraming.Ndjson, Documents.Now);

    /// <summary>One of many in an official message.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InMessage)]
    public CebXmlMessage Xml() => new CebXmlReader([Documents.MessageOf(Document)], Documents.Validator).Read(xml);

    private DocumentJsonReader Reader() => new(Documents.MessageOf(Document), Documents.Validator, new()
    {
        ItemsMax = Documents.Intake.DocumentsPerRequestMax,
        ItemBytesMax = Documents.Intake.DocumentBytesMax,
    });
}
