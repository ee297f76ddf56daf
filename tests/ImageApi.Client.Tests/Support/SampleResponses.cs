using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>Good answers of many shapes, and a way to spoil them.</summary>
internal static class SampleResponses
{
    public static readonly IReadOnlyList<byte[]> All =
    [
        .. new[]
        {
            """{ "created": 1710000000, "data": [ { "url": "https://example.com/output.png" } ] }""",
            """{"created":1710000000,"data":[{"b64_json":"iVBORw0KGgoAAAANSUhEUg==","revised_prompt":"a \"fox\""},{"b64_json":"AQIDBA"}],"usage":{"input_tokens":1,"total_tokens":5}}""",
            """{"data":[{"b64_json":"\/9j\/4AAQ\u002bSk\u002FZ"},{"url":"data:image\/png;base64,AQ\nID"},null,{"url":["https://e.x/a","/b"]}],"size":"1024x1024"}""",
            """{ "id": "job_example", "object": "job", "status": "processing", "model": "gpt-image-2", "created": 1710000000, "request_id": "req_example" }""",
            """{"id":"job_1","status":"succeeded","progress":"100%","output":{"images":[{"url":"https://e.x/a.png","mime_type":"image/png","width":64}],"videos":[{"url":"/v.mp4","duration":2.5}]}}""",
            """{"code":0,"message":"ok","data":{"task_id":17,"task_status":"queued","created_at":"2024-03-09T16:00:00Z"}}""",
            """{"task_id":"t","state":"failed","error":{"message":"blocked","code":"moderation_blocked","type":"t","param":"prompt"},"x":{"y":[1,2,{"z":null}]}}""",
            """{"detail":[{"loc":["body","prompt"],"msg":"is required","type":"missing"}],"errors":{"n":["is odd"]}}""",
            """{"id":"file_1","url":"https://e.x/f","filename":"a.png","bytes":12,"mime_type":"image/png","created_at":1710000000}""",
            """{"file":{"file_url":"/f/a.png","size":"12"},"request_id":"r"}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Spoils a good answer in one to four ways.</summary>
    public static byte[] Corrupt(int seed)
    {
        var random = new Random(seed);
        var bytes = All[random.Next(All.Count)].ToList();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var offset = random.Next(bytes.Count + 1);
            var length = random.Next(Math.Min(24, bytes.Count - offset + 1));
            switch (random.Next(9))
            {
                case 0 when offset < bytes.Count:
                    bytes[offset] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(offset, length);
                    break;
                case 2:
                    bytes.RemoveRange(offset, bytes.Count - offset);
                    break;
                case 3:
                    bytes.InsertRange(offset, bytes.GetRange(offset, length));
                    break;
                case 4:
                    var otherResponse = All[random.Next(All.Count)];
                    var from = random.Next(otherResponse.Length);
                    bytes.InsertRange(offset, otherResponse.AsSpan(from, random.Next(otherResponse.Length - from + 1)).ToArray());
                    break;
                case 5:
                    bytes.InsertRange(offset, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"a\":", random.Next(1, 500)))));
                    break;
                case 6:
                    bytes.InsertRange(offset, Encoding.UTF8.GetBytes(new string('9', random.Next(1, 500))));
                    break;
                case 7:
                    bytes.InsertRange(offset, AmbiguousFragments[random.Next(AmbiguousFragments.Length)]);
                    break;
                default:
                    var randomBytes = new byte[random.Next(1, 16)];
                    random.NextBytes(randomBytes);
                    bytes.InsertRange(offset, randomBytes);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Pieces that are likely to be misread.</summary>
    private static readonly byte[][] AmbiguousFragments =
    [
        .. new[] { "null", "true", "1e400", "-0", "\"\\ud800\"", "\"b64_json\":", "\"data_base64\":\"", "\"data:image/png;base64,", "\\u0000", "\\\"", "\"id\":{}", "\"id\":\"x\",", "\"lifted:0\"" }
            .Select(Encoding.UTF8.GetBytes),
        [0xEF, 0xBB, 0xBF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0],
    ];
}
