import { type DescFile, type DescService, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import {
  type ServerReflectionRequest as RequestV1,
  ServerReflection as V1,
} from "../../generated/grpc/reflection/v1/reflection_pb.ts";
import {
  type ServerReflectionRequest as RequestV1Alpha,
  ServerReflection as V1Alpha,
} from "../../generated/grpc/reflection/v1alpha/reflection_pb.ts";
import { type DescribeFile, describeFiles } from "../model/file-comments.ts";
import { type DescriptorIndex, indexDescriptors } from "./descriptor-index.ts";
import { untilAborted } from "./until-aborted.ts";

type Request = RequestV1 | RequestV1Alpha;

/** A response in the shape that both versions share. */
type Answer =
  | { readonly case: "listServicesResponse"; readonly value: { readonly service: { name: string }[] } }
  | {
      readonly case: "fileDescriptorResponse";
      readonly value: { readonly fileDescriptorProto: Uint8Array[] };
    }
  | {
      readonly case: "allExtensionNumbersResponse";
      readonly value: { readonly baseTypeName: string; readonly extensionNumber: number[] };
    }
  | {
      readonly case: "errorResponse";
      readonly value: { readonly errorCode: number; readonly errorMessage: string };
    };

/** Options of {@link reflection}. */
export interface ReflectionOptions {
  /**
   * The .proto files of the services with their comments: a `google.protobuf.FileDescriptorSet`, which
   * `buf build --output image.binpb` writes. Default: clients see no comments, because generated code does not hold them.
   */
  readonly fileDescriptorSet?: Uint8Array | undefined;
}

/**
 * Adds `grpc.reflection.v1` and `v1alpha` to a Connect-ES server. They describe these services and themselves
 * to clients such as grpcurl, with all options of the .proto files.
 *
 * @throws Error when `fileDescriptorSet` is malformed.
 */
export function reflection(
  services: readonly DescService[],
  { fileDescriptorSet }: ReflectionOptions = {},
): (router: ConnectRouter) => void {
  const describeFile = describeFiles(fileDescriptorSet);
  return (router) => {
    const described: Described = { index: indexDescriptors([...services, V1, V1Alpha]), describeFile };
    router.service(V1, {
      serverReflectionInfo: (requests, { signal }) => answers(described, untilAborted(requests, signal)),
    });
    router.service(V1Alpha, {
      serverReflectionInfo: (requests, { signal }) => answers(described, untilAborted(requests, signal)),
    });
  };
}

interface Described {
  readonly index: DescriptorIndex;
  readonly describeFile: DescribeFile;
}

/** The two versions differ only in the names of their messages. */
async function* answers<R extends Request>(described: Described, requests: AsyncIterable<R>) {
  const sent = new Set<DescFile>();
  for await (const request of requests) {
    yield {
      validHost: request.host,
      originalRequest: request,
      messageResponse: answer(described, request.messageRequest, sent),
    };
  }
}

function answer(
  { index, describeFile }: Described,
  question: Request["messageRequest"],
  sent: Set<DescFile>,
): Answer {
  const fileAnswer = (file: DescFile | undefined, what: string): Answer =>
    file === undefined ? notFound(what) : filesAnswer(file, sent, describeFile);
  switch (question.case) {
    case "listServices":
      return {
        case: "listServicesResponse",
        value: { service: index.serviceNames.map((name) => ({ name })) },
      };
    case "fileByFilename":
      return fileAnswer(index.fileByName(question.value), `file ${question.value}`);
    case "fileContainingSymbol":
      return fileAnswer(index.fileOfSymbol(question.value), `symbol ${question.value}`);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = question.value;
      const file = index.fileOfExtension(containingType, extensionNumber);
      return fileAnswer(file, `extension ${extensionNumber} of ${containingType}`);
    }
    case "allExtensionNumbersOfType": {
      const numbers = index.extensionNumbers(question.value);
      return numbers === undefined
        ? notFound(`message ${question.value}`)
        : {
            case: "allExtensionNumbersResponse",
            value: { baseTypeName: question.value, extensionNumber: [...numbers] },
          };
    }
    case undefined:
      throw new ConnectError("Unexpected empty MessageRequest", Code.InvalidArgument);
  }
}

/** Returns the file and its imports, without the files that this stream has already sent. */
function filesAnswer(file: DescFile, sent: Set<DescFile>, describeFile: DescribeFile): Answer {
  const files = [file, ...unsentImports(file, sent)];
  sent.add(file);
  return {
    case: "fileDescriptorResponse",
    value: {
      fileDescriptorProto: files.map((one) => toBinary(FileDescriptorProtoSchema, describeFile(one))),
    },
  };
}

function unsentImports(file: DescFile, sent: Set<DescFile>): DescFile[] {
  return file.dependencies.flatMap((imported) => {
    if (sent.has(imported)) {
      return [];
    }
    sent.add(imported);
    return [imported, ...unsentImports(imported, sent)];
  });
}

function notFound(what: string): Answer {
  return {
    case: "errorResponse",
    value: { errorCode: Code.NotFound, errorMessage: `${what} not found` },
  };
}
