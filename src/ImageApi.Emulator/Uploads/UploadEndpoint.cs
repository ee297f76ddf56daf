using ImageApi.Emulator.Faults;
using ImageApi.Emulator.Http;
using ImageApi.Emulator.Media;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageApi.Emulator.Uploads;

/// <summary><c>POST /v1/files/upload</c>.</summary>
internal sealed class UploadEndpoint(UploadStore uploads, MediaLibrary library, FaultGate gate, EmulatorLedger ledger, EmulatorOptions options)
{
    public async Task UploadAsync(HttpContext http)
    {
        var form = new UploadForm(ApiId.New("file"));
        try
        {
            await ReadAsync(http, form);
            var kind = form.Required("kind");
            var purpose = form.Required("purpose");
            form.RequireFile();
            var about = new FaultContext(EmulatorEndpoint.Upload, http.Request.Headers) { FileName = form.FileName };
            await gate.RunAsync(http, about, _ => AcceptAsync(http, form, kind, purpose));
        }
        finally
        {
            form.Dispose();
        }
    }

    private Task AcceptAsync(HttpContext http, UploadForm form, string kind, string purpose)
    {
        var now = options.TimeProvider.GetUtcNow();
        var file = form.TakeFile();
        uploads.Add(file);
        ledger.Add(new LedgerUpload
        {
            Id = form.Id,
            Kind = kind,
            Purpose = purpose,
            FileName = form.FileName,
            MimeType = file.MimeType,
            Bytes = file.Length,
            At = now,
        });
        return ApiAnswer.WriteAsync(http, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", form.Id);
            writer.WriteString("object", "file");
            writer.WriteString("kind", kind);
            writer.WriteString("purpose", purpose);
            writer.WriteString("filename", form.FileName);
            writer.WriteNumber("bytes", file.Length);
            writer.WriteString("mime_type", file.MimeType);
            writer.WriteString("url", library.LinkTo(http, file.Name));
            writer.WriteNumber("created_at", now.ToUnixTimeSeconds());
            writer.WriteEndObject();
        });
    }

    private static async Task ReadAsync(HttpContext http, UploadForm form)
    {
        var boundary = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
                ? HeaderUtilities.RemoveQuotes(type.Boundary).Value
                : null;
        if (string.IsNullOrEmpty(boundary))
        {
            throw ApiException.Invalid("An upload is sent as multipart/form-data with a boundary.", code: "invalid_content_type");
        }

        try
        {
            var reader = new MultipartReader(boundary, http.Request.Body);
            while (await reader.ReadNextSectionAsync(http.RequestAborted) is { } section)
            {
                await form.TakeAsync(section, http.RequestAborted);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException and not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested)
        {
            throw ApiException.Invalid("The form could not be read to its end.", code: "invalid_form");
        }
    }
}
