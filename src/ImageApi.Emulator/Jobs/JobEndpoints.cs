using System.Text.Json;
using ImageApi.Emulator.Faults;
using ImageApi.Emulator.Http;
using ImageApi.Emulator.Media;
using ImageApi.Emulator.Orders;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageApi.Emulator.Jobs;

/// <summary><c>POST /v1/jobs</c> and <c>GET /v1/jobs/{id}</c>.</summary>
internal sealed class JobEndpoints(
    OrderReader reader, OrderStore orders, Till till, MediaLibrary library, FaultGate gate, EmulatorLedger ledger, EmulatorOptions options)
{
    public async Task SubmitAsync(HttpContext http)
    {
        var order = await reader.ReadAsync(http, EmulatorEndpoint.JobSubmission);
        var about = new FaultContext(EmulatorEndpoint.JobSubmission, http.Request.Headers) { Prompt = order.Prompt };
        await gate.RunAsync(http, about, fault =>
        {
            var first = till.Charge(http, EmulatorEndpoint.JobSubmission, order, out var known);
            var job = known ? orders.FindJob(first.Id) ?? throw JobNotFound(first.Id) : new EmulatedJob(order, http.TraceIdentifier);
            if (!known)
            {
                job.Keep(fault, atSubmission: true);
                orders.Add(order, job);
            }

            return AnswerAsync(http, job, job.Order.Id, queries: 0);
        });
    }

    public async Task QueryAsync(HttpContext http)
    {
        var id = http.GetRouteValue("id") as string ?? "";
        var job = orders.FindJob(id) ?? throw JobNotFound(id);
        var about = new FaultContext(EmulatorEndpoint.JobQuery, http.Request.Headers) { Prompt = job.Order.Prompt, JobId = id };
        await gate.RunAsync(http, about, fault =>
        {
            job.Keep(fault, atSubmission: false);
            var queries = ledger.CountQuery(id);
            if (job.Fault?.Kind == EmulatorFaultKind.JobVanishes)
            {
                throw JobNotFound(id);
            }

            var mismatch = (fault ?? job.Fault)?.Kind == EmulatorFaultKind.JobIdMismatch;
            return AnswerAsync(http, job, mismatch ? ApiId.New("job") : id, queries);
        });
    }

    private async Task AnswerAsync(HttpContext http, EmulatedJob job, string id, int queries)
    {
        var status = job.StatusAt(options.TimeProvider.GetUtcNow(), queries, options);
        if (status == "succeeded" && job.Order.AsBase64)
        {
            await WriteInlineAsync(http, job, id);
            return;
        }

        await ApiAnswer.WriteAsync(http, StatusCodes.Status200OK, writer =>
        {
            WriteHead(writer, job, id, status);
            if (status == "succeeded")
            {
                WriteListStart(writer, job.Order);
                for (var index = 0; index < job.Order.Count; index++)
                {
                    writer.WriteStartObject();
                    writer.WriteString("url", library.LinkTo(http, job.Order.MediaName(index)));
                    writer.WriteString("mime_type", job.Order.MimeType);
                    writer.WriteEndObject();
                }

                WriteListEnd(writer);
            }
            else if (status == "failed")
            {
                ApiAnswer.WriteError(writer, job.Fault?.Message ?? "The generation failed.", "generation_error", null, job.Fault?.Code);
            }

            writer.WriteEndObject();
        });
    }

    private async Task WriteInlineAsync(HttpContext http, EmulatedJob job, string id)
    {
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        WriteHead(writer, job, id, "succeeded");
        WriteListStart(writer, job.Order);
        for (var index = 0; index < job.Order.Count; index++)
        {
            writer.WriteStartObject();
            await ApiAnswer.WriteBase64Async(writer, "b64_json", library.Make(job.Order, index).Bytes, http.RequestAborted);
            writer.WriteString("mime_type", job.Order.MimeType);
            writer.WriteEndObject();
        }

        WriteListEnd(writer);
        writer.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter writer, EmulatedJob job, string id, string status)
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("object", "job");
        writer.WriteString("status", status);
        writer.WriteString("model", job.Order.Model);
        writer.WriteNumber("created", job.Order.Created.ToUnixTimeSeconds());
        writer.WriteString("request_id", job.RequestId);
    }

    private static void WriteListStart(Utf8JsonWriter writer, Order order)
    {
        writer.WriteStartObject("output");
        writer.WriteStartArray(order.Kind switch { OrderKind.Video => "videos", OrderKind.Audio => "audios", _ => "images" });
    }

    private static void WriteListEnd(Utf8JsonWriter writer)
    {
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ApiException JobNotFound(string id) => ApiException.NotFound($"There is no job '{id}'.", "job_not_found");
}
