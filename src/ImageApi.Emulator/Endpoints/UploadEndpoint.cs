using ImageApi.Emulator.Http;
using ImageApi.Emulator.Media;
using ImageApi.Emulator.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageApi.Emulator.Endpoints;

/// <summary><c>POST /v1/files/upload</c>.</summary>
internal sealed class UploadEndpoint(UploadStore uploads, MediaRepository mediaRepository, FaultInjectionMiddleware faultInjection, EmulatorLedger ledger, EmulatorOptions options)
{
    public async Task UploadAsync(HttpContext http)
    {
        var form = new UploadForm(ApiId.New("file"));
        try
        {
            await ReadFormAsync(http, form);
            var kind = form.GetRequired("kind");
            var purpose = form.GetRequired("purpose");
            form.RequireFile();
            var context = new FaultContext(EmulatorEndpoint.Upload, http.Request.Headers) { FileName = form.FileName };
            await faultInjection.RunAsync(http, context, _ => StoreAsync(http, form, kind, purpose));
        }
        finally
        {
            form.Dispose();
        }
    }

    private Task StoreAsync(HttpContext http, UploadForm form, string kind, string purpose)
    {
        var now = options.TimeProvider.GetUtcNow();
        var file = form.DetachFile();
        uploads.Add(file);
        ledger.Add(new LedgerUpload
        {
            Id = form.Id,
            Kind = kind,
            Purpose = purpose,
            FileName = form.FileName,
            MimeType = file.MimeType,
            SizeInBytes = file.Length,
            Timestamp = now,
        });
        return ApiResponseWriter.WriteAsync(http, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", form.Id);
            writer.WriteString("object", "file");
            writer.WriteString("kind", kind);
            writer.WriteString("purpose", purpose);
            writer.WriteString("filename", form.FileName);
            writer.WriteNumber("bytes", file.Length);
            writer.WriteString("mime_type", file.MimeType);
            writer.WriteString("url", mediaRepository.CreateUrl(http, file.Name));
            writer.WriteNumber("created_at", now.ToUnixTimeSeconds());
            writer.WriteEndObject();
        });
    }

    private static async Task ReadFormAsync(HttpContext http, UploadForm form)
    {
        var boundary = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var mediaType)
            && mediaType.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
                ? HeaderUtilities.RemoveQuotes(mediaType.Boundary).Value
                : null;
        if (string.IsNullOrEmpty(boundary))
        {
            throw ApiException.Invalid("An upload is sent as multipart/form-data with a boundary.", code: "invalid_content_type");
        }

        try
        {
            var multipartReader = new MultipartReader(boundary, http.Request.Body);
            while (await multipartReader.ReadNextSectionAsync(http.RequestAborted) is { } section)
            {
                await form.ReadSectionAsync(section, http.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested)
        {
            throw ApiException.Invalid("The form could not be read to its end.", code: "invalid_form");
        }
    }
}
