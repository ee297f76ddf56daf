using System.Text.Json;
using ImageApi.Emulator.Generations;
using ImageApi.Emulator.Http;
using ImageApi.Emulator.Media;
using ImageApi.Emulator.Parsing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageApi.Emulator.Endpoints;

/// <summary><c>POST /v1/jobs</c> and <c>GET /v1/jobs/{id}</c>.</summary>
internal sealed class JobEndpoints(
    GenerationRequestReader reader, GenerationStore generations, BillingService billing, MediaRepository mediaRepository, FaultInjectionMiddleware faultInjection, EmulatorLedger ledger, EmulatorOptions options)
{
    public async Task SubmitJobAsync(HttpContext http)
    {
        var request = await reader.ReadAsync(http, EmulatorEndpoint.JobSubmission);
        var context = new FaultContext(EmulatorEndpoint.JobSubmission, http.Request.Headers) { Prompt = request.Prompt };
        await faultInjection.RunAsync(http, context, failure =>
        {
            var charged = billing.Charge(http, EmulatorEndpoint.JobSubmission, request, out var isRepeat);
            var job = isRepeat ? generations.FindJob(charged.Id) ?? throw JobNotFound(charged.Id) : new EmulatedJob(request, http.TraceIdentifier);
            if (!isRepeat)
            {
                job.ApplyFault(failure, atSubmission: true);
                generations.Add(request, job);
            }

            return WriteJobAsync(http, job, job.Request.Id, pollCount: 0);
        });
    }

    public async Task GetJobAsync(HttpContext http)
    {
        var id = http.GetRouteValue("id") as string ?? "";
        var job = generations.FindJob(id) ?? throw JobNotFound(id);
        var context = new FaultContext(EmulatorEndpoint.JobPoll, http.Request.Headers) { Prompt = job.Request.Prompt, JobId = id };
        await faultInjection.RunAsync(http, context, failure =>
        {
            job.ApplyFault(failure, atSubmission: false);
            var pollCount = ledger.RecordPoll(id);
            if (job.Fault?.Kind == EmulatorFaultKind.JobDisappears)
            {
                throw JobNotFound(id);
            }

            var hasMismatchedId = (failure ?? job.Fault)?.Kind == EmulatorFaultKind.JobIdMismatch;
            return WriteJobAsync(http, job, hasMismatchedId ? ApiId.New("job") : id, pollCount);
        });
    }

    private async Task WriteJobAsync(HttpContext http, EmulatedJob job, string id, int pollCount)
    {
        var status = job.GetStatus(options.TimeProvider.GetUtcNow(), pollCount, options);
        if (status == "succeeded" && job.Request.AsBase64)
        {
            await WriteInlineAsync(http, job, id);
            return;
        }

        await ApiResponseWriter.WriteAsync(http, StatusCodes.Status200OK, writer =>
        {
            WriteJobStart(writer, job, id, status);
            if (status == "succeeded")
            {
                WriteOutputStart(writer, job.Request);
                for (var index = 0; index < job.Request.Count; index++)
                {
                    writer.WriteStartObject();
                    writer.WriteString("url", mediaRepository.CreateUrl(http, job.Request.GetMediaName(index)));
                    writer.WriteString("mime_type", job.Request.MimeType);
                    writer.WriteEndObject();
                }

                WriteOutputEnd(writer);
            }
            else if (status == "failed")
            {
                ApiResponseWriter.WriteError(writer, job.Fault?.Message ?? "The generation failed.", "generation_error", null, job.Fault?.Code);
            }

            writer.WriteEndObject();
        });
    }

    private async Task WriteInlineAsync(HttpContext http, EmulatedJob job, string id)
    {
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        WriteJobStart(writer, job, id, "succeeded");
        WriteOutputStart(writer, job.Request);
        for (var index = 0; index < job.Request.Count; index++)
        {
            writer.WriteStartObject();
            await ApiResponseWriter.WriteBase64Async(writer, "b64_json", mediaRepository.GetContent(job.Request, index).Bytes, http.RequestAborted);
            writer.WriteString("mime_type", job.Request.MimeType);
            writer.WriteEndObject();
        }

        WriteOutputEnd(writer);
        writer.WriteEndObject();
    }

    private static void WriteJobStart(Utf8JsonWriter writer, EmulatedJob job, string id, string status)
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("object", "job");
        writer.WriteString("status", status);
        writer.WriteString("model", job.Request.Model);
        writer.WriteNumber("created", job.Request.Created.ToUnixTimeSeconds());
        writer.WriteString("request_id", job.RequestId);
    }

    private static void WriteOutputStart(Utf8JsonWriter writer, GenerationRequest request)
    {
        writer.WriteStartObject("output");
        writer.WriteStartArray(request.Kind switch { GenerationKind.Video => "videos", GenerationKind.Audio => "audios", _ => "images" });
    }

    private static void WriteOutputEnd(Utf8JsonWriter writer)
    {
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ApiException JobNotFound(string id) => ApiException.NotFound($"There is no job '{id}'.", "job_not_found");
}
