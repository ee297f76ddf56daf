using System.Text;
using ImageApi.Emulator.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageApi.Emulator.Uploads;

/// <summary>The parts of one upload as they come in. A file nobody takes is deleted with it.</summary>
internal sealed class UploadForm(string id) : IDisposable
{
    private const int MaxFieldLength = 1024;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private StoredUpload? _file;

    public string Id => id;

    public string FileName { get; private set; } = "";

    public string GetRequired(string name) => _fields.TryGetValue(name, out var value) && value.Length > 0 ? value : throw MissingParameter(name);

    public void RequireFile()
    {
        if (_file is null)
        {
            throw MissingParameter("file");
        }
    }

    /// <summary>Hands the file over to whoever keeps it.</summary>
    public StoredUpload DetachFile() => Interlocked.Exchange(ref _file, null) ?? throw MissingParameter("file");

    public async Task ReadSectionAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        var disposition = section.GetContentDispositionHeader()
            ?? throw ApiException.Invalid("A part of the form has no Content-Disposition.", code: "invalid_form");
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
        if (name == "file" && _file is null)
        {
            FileName = Path.GetFileName(HeaderUtilities.RemoveQuotes(disposition.FileName).Value) is { Length: > 0 } fileName ? fileName : "file";
            _file = await UploadStore.ReceiveAsync(id, section.ContentType, section.Body, cancellationToken);
        }
        else if (name == "file" || !_fields.TryAdd(name, await ReadTextAsync(section, name, cancellationToken)))
        {
            throw ApiException.Invalid($"'{name}' was sent twice.", name, "invalid_form");
        }
    }

    public void Dispose() => Interlocked.Exchange(ref _file, null)?.Dispose();

    private static async Task<string> ReadTextAsync(MultipartSection section, string name, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(section.Body, Encoding.UTF8);
        var buffer = new char[MaxFieldLength + 1];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        return length <= MaxFieldLength ? new string(buffer, 0, length) : throw ApiException.Invalid($"'{name}' is too long.", name, "invalid_value");
    }

    private static ApiException MissingParameter(string name)
        => ApiException.Invalid($"Missing required parameter: '{name}'.", name, "missing_required_parameter");
}
